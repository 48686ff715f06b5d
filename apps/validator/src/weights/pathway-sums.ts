import type { MinerColumns } from './miner-columns.ts'
import type { PathwaysParameters, WeightTask } from './pathways-parameters.ts'
import type { RankScores } from './rank-scores.ts'
import { countedMiners } from './task-scores.ts'
import { taskStatistics, type TaskStatistics } from './task-statistics.ts'

/** What tasks add up to, by miner. */
export interface PathwaySums {
  /** Σ contributions, before the bonus. */
  readonly contributions: Float64Array
  /** The best weighted score at or above the cut of its task; 0 without one. */
  readonly excellence: Float64Array
  /** Index of the task which that came from; -1 without one. */
  readonly excellenceTask: Int16Array
  /** Tasks with a score other than zero: what the bonus counts. */
  readonly taskCounts: Uint16Array
}

/** One task's own columns, kept for the trace only. NaN where a miner has no score. */
export interface TaskTrace {
  readonly percentiles: Float64Array
  /** Treated score × task weight × diversity multiplier of the percentile. */
  readonly contributions: Float64Array
  /** 1 where the score reached the cut of a task in which excellence is possible. */
  readonly qualified: Uint8Array
}

/** Sums of nothing, for `size` miners. */
export function emptySums(size: number): PathwaySums {
  return {
    contributions: new Float64Array(size),
    excellence: new Float64Array(size),
    excellenceTask: new Int16Array(size).fill(-1),
    taskCounts: new Uint16Array(size),
  }
}

/** Columns of nothing, for `size` miners. */
export function emptyTaskTrace(size: number): TaskTrace {
  return {
    percentiles: new Float64Array(size).fill(Number.NaN),
    contributions: new Float64Array(size).fill(Number.NaN),
    qualified: new Uint8Array(size),
  }
}

/** One task, as {@link addTask} takes it. */
export interface AddedTask {
  readonly task: WeightTask
  readonly taskIndex: number
  readonly column: Float64Array
  readonly columns: MinerColumns
  readonly parameters: PathwaysParameters
  readonly rank: RankScores
  /** As long as the column: who counts is listed in it. */
  readonly buffer: Uint32Array
  readonly trace: TaskTrace | null
}

/** Adds one task's part to the sums and answers its statistics. @throws InputError for a refused score. */
export function addTask(sums: PathwaySums, added: AddedTask): TaskStatistics {
  const { task, column, columns, parameters, rank, buffer } = added
  const counted = countedMiners(task.name, column, { columns, policy: parameters, buffer })
  const { sorted, ranks } = rank(column, counted)
  const statistics = taskStatistics(task, sorted, parameters)
  if (parameters.raw === 'sum') addPlain(sums, column, ranks, task.weight)
  else addPathways(sums, added, ranks, statistics)
  return statistics
}

function addPlain(sums: PathwaySums, column: Float64Array, ranks: Uint32Array, weight: number): void {
  for (let miner = 0; miner < column.length; miner += 1) {
    if (ranks[miner] === 0) continue
    const score = (column[miner] ?? 0) + 0
    sums.contributions[miner] = (sums.contributions[miner] ?? 0) + score * weight
    if (score !== 0) sums.taskCounts[miner] = (sums.taskCounts[miner] ?? 0) + 1
  }
}

/**
 * Goes through miners as they are listed, whatever their ranks: memory is then read and written from front to back. What
 * the loop needs is named before it, because reading it from objects for each miner costs a fifth of the time.
 */
function addPathways(
  sums: PathwaySums,
  { task, taskIndex, column, parameters, trace }: AddedTask,
  ranks: Uint32Array,
  statistics: TaskStatistics,
): void {
  const { count, hasPercentiles, excellencePossible, excellenceCut } = statistics
  const { sparsePercentile } = parameters
  const { least, most, centre, steepness } = parameters.diversity
  const { weight } = task
  const { contributions, taskCounts, excellence, excellenceTask } = sums
  const cut = excellencePossible ? (excellenceCut ?? Infinity) : Infinity
  const isSigmoid = statistics.steepness !== null
  const slope = statistics.steepness ?? 0
  const mean = statistics.midpoint ?? 0
  for (let miner = 0; miner < column.length; miner += 1) {
    const rank = ranks[miner] ?? 0
    if (rank === 0) continue
    const score = (column[miner] ?? 0) + 0
    const percentile = hasPercentiles ? (100 * rank) / count : sparsePercentile
    const treated = isSigmoid ? 1 / (1 + Math.exp(-slope * (score - mean))) : score
    const multiplier = diversityMultiplier(percentile, { least, most, centre, steepness })
    const contribution = treated * weight * multiplier
    const isQualified = score >= cut
    contributions[miner] = (contributions[miner] ?? 0) + contribution
    if (score !== 0) taskCounts[miner] = (taskCounts[miner] ?? 0) + 1
    if (isQualified && score * weight > (excellence[miner] ?? 0)) {
      excellence[miner] = score * weight
      excellenceTask[miner] = taskIndex
    }
    if (trace === null) continue
    trace.percentiles[miner] = percentile
    trace.contributions[miner] = contribution
    trace.qualified[miner] = isQualified ? 1 : 0
  }
}

/** How much a score counts by its percentile rank, 0 to 100: between `least` and `most`, half way at `centre`. */
export function diversityMultiplier(
  percentile: number,
  { least, most, centre, steepness }: PathwaysParameters['diversity'],
): number {
  return least + (most - least) / (1 + Math.exp(-steepness * (percentile - centre)))
}
