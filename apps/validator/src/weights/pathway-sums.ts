import type { MinerColumns } from './miner-columns.ts'
import type { PathwaysParameters, WeightTask } from './pathways-parameters.ts'
import { type ScoreOrder, sortByValue } from './score-order.ts'
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

/** Makes sums those of nothing. */
export function clearSums({ contributions, excellence, excellenceTask, taskCounts }: PathwaySums): void {
  contributions.fill(0)
  excellence.fill(0)
  excellenceTask.fill(-1)
  taskCounts.fill(0)
}

/** Sums of their own, to be kept. */
export function copyOfSums({
  contributions,
  excellence,
  excellenceTask,
  taskCounts,
}: PathwaySums): PathwaySums {
  return {
    contributions: contributions.slice(),
    excellence: excellence.slice(),
    excellenceTask: excellenceTask.slice(),
    taskCounts: taskCounts.slice(),
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

/** Memory for the ranks of one task after the other. */
export interface TaskRanking {
  /** By miner: how many scores are at or below its own, 0 without a score. All with the same score share a rank. */
  readonly ranks: Uint32Array
  /** By rank, so one longer than the miners: what a score of that rank contributes; 0 for no score. */
  readonly parts: Float64Array
}

/** Memory for `size` miners. */
export function createTaskRanking(size: number): TaskRanking {
  return { ranks: new Uint32Array(size), parts: new Float64Array(size + 1) }
}

/** One task, as {@link addTask} takes it. */
export interface AddedTask {
  readonly task: WeightTask
  readonly taskIndex: number
  readonly column: Float64Array
  readonly columns: MinerColumns
  readonly parameters: PathwaysParameters
  readonly scores: ScoreOrder
  readonly ranking: TaskRanking
  readonly trace: TaskTrace | null
}

/** Adds one task's part to the sums and answers its statistics. @throws InputError for a refused score. */
export function addTask(sums: PathwaySums, added: AddedTask): TaskStatistics {
  const { task, column, columns, parameters, scores } = added
  const count = countedMiners(task.name, column, { columns, policy: parameters, counted: scores.order })
  sortByValue(column, count, scores)
  const statistics = taskStatistics(task, scores.sorted.subarray(0, count), parameters)
  if (parameters.raw === 'sum') addPlain(sums, scores, count, task.weight)
  else addPathways(sums, added, statistics)
  return statistics
}

function addPlain(
  { contributions, taskCounts }: PathwaySums,
  { order, sorted }: ScoreOrder,
  count: number,
  weight: number,
): void {
  for (let at = 0; at < count; at += 1) {
    const miner = order[at] ?? 0
    const score = sorted[at] ?? 0
    contributions[miner] = (contributions[miner] ?? 0) + score * weight
    if (score !== 0) taskCounts[miner] = (taskCounts[miner] ?? 0) + 1
  }
}

function addPathways(sums: PathwaySums, added: AddedTask, statistics: TaskStatistics): void {
  const { task, taskIndex, column, parameters, scores, ranking, trace } = added
  const { count, excellencePossible, excellenceCut } = statistics
  const cut = excellencePossible ? (excellenceCut ?? Infinity) : Infinity
  treat(scores.sorted, ranking.parts, statistics)
  multiplyByRank(scores.sorted, ranking.parts, task.weight, statistics, parameters)
  rankMiners(scores, count, ranking.ranks)
  addParts(sums, column, ranking)
  addExcellence(sums, scores, { count, cut, weight: task.weight, taskIndex })
  if (trace !== null) keepTrace(trace, added, statistics, cut)
}

/** Scores as the diversity pathway takes them, each at its place counted from 1. */
function treat(sorted: Float64Array, parts: Float64Array, statistics: TaskStatistics): void {
  const { count, steepness, midpoint } = statistics
  parts[0] = 0
  if (steepness === null || midpoint === null) {
    for (let at = 0; at < count; at += 1) parts[at + 1] = sorted[at] ?? 0
    return
  }
  for (let at = 0; at < count; at += 1) {
    parts[at + 1] = 1 / (1 + Math.exp(-steepness * ((sorted[at] ?? 0) - midpoint)))
  }
}

/**
 * Makes contributions of treated scores, for the last one of equals only, whose place is the rank of them all. Nothing
 * is carried from one turn of this loop to the next: with an exponential in between, that would double its time.
 */
function multiplyByRank(
  sorted: Float64Array,
  parts: Float64Array,
  weight: number,
  { count, hasPercentiles }: TaskStatistics,
  { sparsePercentile, diversity }: PathwaysParameters,
): void {
  const { least, most, centre, steepness } = diversity
  for (let rank = 1; rank <= count; rank += 1) {
    if (rank < count && sorted[rank - 1] === sorted[rank]) continue
    const percentile = hasPercentiles ? (100 * rank) / count : sparsePercentile
    const multiplier = diversityMultiplier(percentile, { least, most, centre, steepness })
    parts[rank] = (parts[rank] ?? 0) * weight * multiplier
  }
}

/** Goes down from the best score, so that a rank is met before the others that share it. */
function rankMiners({ order, sorted }: ScoreOrder, count: number, ranks: Uint32Array): void {
  ranks.fill(0)
  let above = Number.NaN
  let rank = count
  for (let at = count - 1; at >= 0; at -= 1) {
    const score = sorted[at] ?? 0
    if (score !== above) rank = at + 1
    above = score
    ranks[order[at] ?? 0] = rank
  }
}

/** Goes through miners as they are listed, so that memory is read and written from front to back but for the parts. */
function addParts(
  { contributions, taskCounts }: PathwaySums,
  column: Float64Array,
  { ranks, parts }: TaskRanking,
): void {
  for (let miner = 0; miner < column.length; miner += 1) {
    const rank = ranks[miner] ?? 0
    contributions[miner] = (contributions[miner] ?? 0) + (parts[rank] ?? 0)
    taskCounts[miner] = (taskCounts[miner] ?? 0) + (rank === 0 || column[miner] === 0 ? 0 : 1)
  }
}

interface Excellence {
  readonly count: number
  readonly cut: number
  readonly weight: number
  readonly taskIndex: number
}

function addExcellence(
  { excellence, excellenceTask }: PathwaySums,
  { order, sorted }: ScoreOrder,
  { count, cut, weight, taskIndex }: Excellence,
): void {
  for (let at = count - 1; at >= 0 && (sorted[at] ?? 0) >= cut; at -= 1) {
    const miner = order[at] ?? 0
    const weighted = (sorted[at] ?? 0) * weight
    if (!(weighted > (excellence[miner] ?? 0))) continue
    excellence[miner] = weighted
    excellenceTask[miner] = taskIndex
  }
}

function keepTrace(
  { percentiles, contributions, qualified }: TaskTrace,
  { column, ranking, parameters }: AddedTask,
  { count, hasPercentiles }: TaskStatistics,
  cut: number,
): void {
  const { ranks, parts } = ranking
  const { sparsePercentile } = parameters
  for (let miner = 0; miner < column.length; miner += 1) {
    const rank = ranks[miner] ?? 0
    const isScored = rank !== 0
    percentiles[miner] = !isScored ? Number.NaN : hasPercentiles ? (100 * rank) / count : sparsePercentile
    contributions[miner] = isScored ? (parts[rank] ?? 0) : Number.NaN
    qualified[miner] = isScored && (column[miner] ?? 0) >= cut ? 1 : 0
  }
}

/** How much a score counts by its percentile rank, 0 to 100: between `least` and `most`, half way at `centre`. */
export function diversityMultiplier(
  percentile: number,
  { least, most, centre, steepness }: PathwaysParameters['diversity'],
): number {
  return least + (most - least) / (1 + Math.exp(-steepness * (percentile - centre)))
}
