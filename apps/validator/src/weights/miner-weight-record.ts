import { InputError } from '@subnetkit/core'

import type { ComputedWeights, WeightTrace } from './compute-weights.ts'
import { emittedWeights } from './emit-weights.ts'
import type { MinerColumns } from './miner-columns.ts'
import type { WeightBranch } from './shape-weights.ts'
import type { TaskStatistics } from './task-statistics.ts'

/** Which pathway won. `none` is no weight at all. */
export type ScoringPathway = 'excellence' | 'diversity' | 'none'

/** One task on a miner's way. */
export interface MinerTaskRecord {
  readonly statistics: TaskStatistics
  /** Null when the miner has no score that counts. */
  readonly score: number | null
  /** 0 to 100; null without a score, and when the rule has no percentiles. */
  readonly percentile: number | null
  readonly isQualified: boolean
  /** Before the bonus, whichever pathway won. */
  readonly contribution: number
  /** What the task brought to the raw weight: these sum to it. Excellence puts all on the task that won. */
  readonly effectiveContribution: number
}

/** One miner's way from scores to the number that goes to the chain. */
export interface MinerWeightRecord {
  readonly uid: number
  readonly hotkey: string
  readonly tasks: readonly MinerTaskRecord[]
  readonly taskCount: number
  readonly bonus: number
  readonly excellence: number
  /** The task that `excellence` came from; null without one. */
  readonly excellenceTask: string | null
  readonly diversity: number
  readonly pathway: ScoringPathway
  /** Before clusters. */
  readonly raw: number
  readonly clusterSize: number
  readonly clusterFactor: number
  readonly normalised: number
  readonly midpoint: number | null
  readonly deviation: number | null
  readonly branch: WeightBranch
  readonly curved: number
  readonly weight: number
  /** As sent: 0 to 65535; 0 is not sent. */
  readonly emitted: number
}

/** Records of miners, made on demand from the columns of a trace. */
export interface WeightRecords {
  readonly size: number
  /** The record of the miner listed at `index`. */
  at(index: number): MinerWeightRecord
  /** The record of a hotkey or, when it is a number, of a uid. @throws InputError when no miner has it. */
  of(miner: string | number): MinerWeightRecord
}

/** A view on one computation. @throws InputError when it was made without a trace. */
export function weightRecords(computed: ComputedWeights, miners: MinerColumns): WeightRecords {
  const { trace } = computed
  if (trace === null) {
    throw new InputError({
      field: 'trace',
      problem: 'was not kept',
      hint: 'compute the weights with trace: true',
    })
  }
  const emitted = emittedWeights(computed.weights)
  const at = (index: number): MinerWeightRecord => recordAt(index, { computed, trace, miners, emitted })
  return {
    size: miners.size,
    at,
    of: (miner) => {
      const index = typeof miner === 'number' ? miners.uids.indexOf(miner) : miners.hotkeys.indexOf(miner)
      if (index !== -1) return at(index)
      throw new InputError({
        field: typeof miner === 'number' ? 'uid' : 'hotkey',
        value: miner,
        problem: 'is not among the miners',
        hint: 'give a uid or hotkey from the scores',
      })
    },
  }
}

interface RecordSource {
  readonly computed: ComputedWeights
  readonly trace: WeightTrace
  readonly miners: MinerColumns
  readonly emitted: Uint16Array
}

function recordAt(index: number, source: RecordSource): MinerWeightRecord {
  const { computed, trace, miners, emitted } = source
  const number = (column: ArrayLike<number>): number => column[index] ?? 0
  const pathway = pathwayAt(index, trace)
  const winner = number(trace.excellenceTask)
  return {
    uid: number(miners.uids),
    hotkey: miners.hotkeys[index] ?? '',
    tasks: computed.statistics.map((statistics, task) =>
      taskRecord(index, task, { ...source, statistics, pathway }),
    ),
    taskCount: number(trace.taskCounts),
    bonus: number(trace.bonus),
    excellence: number(trace.excellence),
    excellenceTask: computed.statistics[winner]?.name ?? null,
    diversity: number(trace.diversity),
    pathway,
    raw: number(trace.raw),
    clusterSize: number(miners.clusterSizes),
    clusterFactor: number(trace.clusterFactors),
    normalised: number(computed.normalised),
    midpoint: computed.midpoint,
    deviation: computed.deviation,
    branch: computed.branch,
    curved: number(computed.curved),
    weight: number(computed.weights),
    emitted: number(emitted),
  }
}

function pathwayAt(index: number, trace: WeightTrace): ScoringPathway {
  if (!((trace.raw[index] ?? 0) > 0)) return 'none'
  return (trace.excellence[index] ?? 0) > (trace.diversity[index] ?? 0) ? 'excellence' : 'diversity'
}

function taskRecord(
  index: number,
  task: number,
  source: RecordSource & { readonly statistics: TaskStatistics; readonly pathway: ScoringPathway },
): MinerTaskRecord {
  const { trace, statistics, pathway } = source
  const columns = trace.tasks[task]
  const contribution = orNull(columns?.contributions[index])
  return {
    statistics,
    score: contribution === null ? null : orNull(trace.scores[task]?.[index]),
    percentile: orNull(columns?.percentiles[index]),
    isQualified: columns?.qualified[index] === 1,
    contribution: contribution ?? 0,
    effectiveContribution: effectiveOf(contribution ?? 0, task, index, trace, pathway),
  }
}

function effectiveOf(
  contribution: number,
  task: number,
  index: number,
  trace: WeightTrace,
  pathway: ScoringPathway,
): number {
  if (pathway === 'diversity') return contribution * (trace.bonus[index] ?? 0)
  return pathway === 'excellence' && task === trace.excellenceTask[index] ? (trace.excellence[index] ?? 0) : 0
}

function orNull(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : value
}
