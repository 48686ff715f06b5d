import {
  InputError,
  type AttemptSums,
  type ChainNeuron,
  type MinerAtUid,
  type MinerWeightTrace,
  type PerformancePeriod,
  type TaskScoreSummary,
} from '@subnetkit/core'

/** What a period's statistics are made of. The order of every list is free. */
export interface PerformanceInput {
  readonly netuid: number
  readonly validatorHotkey: string
  readonly period: PerformancePeriod
  /** The miners to tell of: who is not listed gets no row, and what is known of others is left out. */
  readonly miners: readonly MinerAtUid[]
  /** Of the period. */
  readonly attempts: readonly AttemptSums[]
  /** Of the period. */
  readonly scores: readonly TaskScoreSummary[]
  /** Of the fourteen days before the period's end. */
  readonly trends: readonly TaskScoreSummary[]
  /** Of one cycle; none for statistics without pathways. */
  readonly traces: readonly MinerWeightTrace[]
  /** Of one epoch; none for statistics without the chain. */
  readonly neurons: readonly ChainNeuron[]
  /** Block that holds the cycle's weights; null when they are not there. */
  readonly weightSubmissionBlock: number | null
  readonly calculatedAt: Date
}

/** What tells a miner from another: the same hotkey at another uid is another miner. */
export function minerName(uid: number, hotkey: string): string {
  return `${uid} ${hotkey}`
}

/**
 * Refuses what would give wrong statistics instead of none: a miner twice, traces of two cycles or of another validator,
 * neurons of two epochs. @throws InputError naming what and where.
 */
export function checkPerformanceInput(input: PerformanceInput): void {
  const { netuid, validatorHotkey, miners, neurons, traces } = input
  refuseTwice(
    'miners',
    miners.map(({ minerUid, minerHotkey }) => minerName(minerUid, minerHotkey)),
  )
  const [trace] = traces
  for (const { netuid: subnet, validatorHotkey: validator, cycleId } of traces) {
    if (subnet === netuid && validator === validatorHotkey && cycleId === trace?.cycleId) continue
    throw new InputError({
      field: 'traces',
      value: `${subnet} ${validator} ${cycleId}`,
      problem: 'is of another subnet, validator or cycle',
      hint: 'give the traces of one cycle of this validator',
    })
  }
  refuseTwice(
    'traces',
    traces.map(({ hotkey }) => hotkey),
  )
  const [neuron] = neurons
  for (const { netuid: subnet, epochBlock, uid } of neurons) {
    if (subnet === netuid && epochBlock === neuron?.epochBlock) continue
    throw new InputError({
      field: `neuron at uid ${uid}`,
      value: `subnet ${subnet}, epoch ${epochBlock}`,
      problem: 'is of another subnet or epoch',
      hint: 'give the neurons of one epoch',
    })
  }
  refuseTwice(
    'neurons',
    neurons.map(({ uid }) => String(uid)),
  )
}

function refuseTwice(field: string, names: readonly string[]): void {
  const seen = new Set<string>()
  for (const name of names) {
    if (seen.has(name)) {
      throw new InputError({ field, value: name, problem: 'is listed twice', hint: 'list each once' })
    }
    seen.add(name)
  }
}
