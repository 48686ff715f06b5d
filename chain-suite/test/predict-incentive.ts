import { DEFAULT_EPOCH_PARAMETERS } from '../../apps/validator/src/yuma/epoch-parameters.ts'
import { toU16 } from '../../apps/validator/src/yuma/fixed-point.ts'
import { runEpoch } from '../../apps/validator/src/yuma/run-epoch.ts'
import { EMPTY_ROW, type Neuron, type U16Row } from '../../apps/validator/src/yuma/subnet-state.ts'
import type { DevChain } from './dev-chain.ts'

/**
 * The incentive that our simulation of Yuma gives each uid at an epoch, from what the runtime held in the block before:
 * weights, permits, updates and stake.
 */
export async function predictIncentive(
  node: DevChain,
  netuid: number,
  epochBlock: number,
): Promise<number[]> {
  const blockHash = await node.session.hashOf(epochBlock - 1)
  const readOf = async (item: string, args: readonly unknown[]): Promise<unknown> =>
    (await node.session.read(node.runtime, blockHash, { value: { item, args } }))['value']
  const read = async (item: string, ...uid: number[]): Promise<unknown> =>
    await readOf(item, [netuid, ...uid])
  const permits = listOf(await read('ValidatorPermit'))
  const lastUpdate = listOf(await read('LastUpdate'))
  const neurons: Neuron[] = []
  const rows: U16Row[] = []
  for (const [uid, hasPermit] of permits.entries()) {
    const weights = listOf(await read('Weights', uid))
      .map((pair) => listOf(pair).map(Number))
      .toSorted(([one = 0], [other = 0]) => one - other)
    rows.push({ uids: weights.map(([to = 0]) => to), values: weights.map(([, value = 0]) => value) })
    neurons.push({
      // Nobody has stake on the root network, and nobody children: alpha is all that counts.
      stake: BigInt(String(await readOf('TotalHotkeyAlpha', [await read('Keys', uid), netuid]))),
      hasPermit: hasPermit === true,
      lastUpdate: Number(lastUpdate[uid]),
      registeredAt: Number(await read('BlockAtRegistration', uid)),
      commitBlock: null,
    })
  }
  const parameters = {
    ...DEFAULT_EPOCH_PARAMETERS,
    tempo: Number(await read('Tempo')),
    kappa: Number(await read('Kappa')),
  }
  const state = { neurons, ownerUid: 0, bonds: neurons.map(() => EMPTY_ROW) }
  return [...runEpoch(state, parameters, rows, epochBlock).shares.incentive].map(toU16)
}

function listOf(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new Error(`the runtime holds no list, but ${String(value)}`)
  return value
}
