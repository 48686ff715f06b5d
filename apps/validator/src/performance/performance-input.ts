import {
  InputError,
  type ChainNeuron,
  type MinerAtUid,
  type MinerWeightTrace,
  type PerformancePeriod,
  type TaskScore,
} from '@subnetkit/core'

import type { MinerAttempt } from './attempt-figures.ts'

/** A score of a task, with what else the task measured, such as `surface_rmse`. */
export type PerformanceScore = Pick<
  TaskScore,
  'uid' | 'hotkey' | 'taskName' | 'taskId' | 'score' | 'scoredAt'
> & { readonly metrics?: Readonly<Record<string, number>> }

/** What a period's statistics are made of. The order of every list is free. */
export interface PerformanceInput {
  readonly netuid: number
  readonly validatorHotkey: string
  readonly period: PerformancePeriod
  /** The miners to tell of: who is not listed gets no row, and what is known of others is left out. */
  readonly miners: readonly MinerAtUid[]
  /** Attempts outside the period are left out. */
  readonly attempts: readonly MinerAttempt[]
  /** Scores of the period, and for the trend those of the fourteen days before its end. */
  readonly scores: readonly PerformanceScore[]
  /** Of one cycle; none for statistics without pathways. */
  readonly traces: readonly MinerWeightTrace[]
  /** Of one epoch; none for statistics without the chain. */
  readonly neurons: readonly ChainNeuron[]
  /** Block that holds the cycle's weights; null when they are not there. */
  readonly weightSubmissionBlock: number | null
  readonly calculatedAt: Date
}

/** Squares of larger scores would soon be no numbers any more. */
const LARGEST_SCORE = 1e9

/** What tells a miner from another: the same hotkey at another uid is another miner. */
export function minerName(uid: number, hotkey: string): string {
  return `${uid} ${hotkey}`
}

/**
 * Refuses what would give wrong statistics instead of none: a miner twice, traces of two cycles or of another validator,
 * neurons of two epochs, a score that is no number. @throws InputError naming what and where.
 */
export function checkPerformanceInput(input: PerformanceInput): void {
  const { netuid, validatorHotkey, miners, neurons, scores, traces } = input
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
  for (const { score, uid, taskName, metrics = {} } of scores) {
    for (const value of [score ?? 0, ...Object.values(metrics)]) {
      if (Math.abs(value) <= LARGEST_SCORE) continue
      throw new InputError({
        field: `${taskName} score of uid ${uid}`,
        value: String(value),
        problem: 'is not a number within ±1e9',
        hint: 'give null where a miner has no score',
      })
    }
  }
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
