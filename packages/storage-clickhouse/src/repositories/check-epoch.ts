import { StorageError, type ChainNeuron } from '@subnetkit/core'

import { chainNeuronRow } from './chain-snapshot-rows.ts'

/**
 * The one epoch that neurons are of; null without neurons. All of them are checked before anything is written, because
 * storing an epoch takes two writes.
 *
 * @throws StorageError `invalid_input` for a neuron that breaks its schema or is of another epoch, and for a uid or a
 *   hotkey that stands there twice: on chain each has one place.
 */
export function checkEpoch(
  neurons: readonly ChainNeuron[],
): Pick<ChainNeuron, 'netuid' | 'epochBlock'> | null {
  const [first] = neurons
  if (first === undefined) return null
  const { netuid, epochBlock } = first
  const writer = chainNeuronRow.createWriter(0n)
  const uids = new Set<number>()
  const hotkeys = new Set<string>()
  for (const [index, neuron] of neurons.entries()) {
    writer.line(neuron, index + 1)
    if (neuron.netuid !== netuid || neuron.epochBlock !== epochBlock) {
      const other = `epoch ${neuron.epochBlock} of subnet ${neuron.netuid}`
      throw refused(index, 'epochBlock', `${other}, not ${epochBlock} of ${netuid}: put one epoch at a time`)
    }
    if (uids.has(neuron.uid)) throw refused(index, 'uid', `${neuron.uid} stands there twice`)
    if (hotkeys.has(neuron.hotkey)) throw refused(index, 'hotkey', `${neuron.hotkey} stands there twice`)
    uids.add(neuron.uid)
    hotkeys.add(neuron.hotkey)
  }
  return { netuid, epochBlock }
}

function refused(index: number, field: string, problem: string): StorageError {
  return new StorageError({
    code: 'invalid_input',
    message: `${chainNeuronRow.table}, row ${index + 1}: ${field}: ${problem}`,
    details: { table: chainNeuronRow.table, row: index + 1, field },
  })
}
