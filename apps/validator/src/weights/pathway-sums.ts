import type { MinerColumns } from './miner-columns.ts'
import type { PathwaysParameters, WeightTask } from './pathways-parameters.ts'
import { sortByValue, type SortBuffers } from './score-order.ts'
import { countedScores } from './task-scores.ts'
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
  readonly buffers: SortBuffers
  readonly trace: TaskTrace | null
}

/** Adds one task's part to the sums and answers its statistics. @throws InputError for a refused score. */
export function addTask(sums: PathwaySums, added: AddedTask): TaskStatistics {
  const { task, column, columns, parameters, buffers } = added
  const { values, miners: order } = countedScores(task.name, column, columns, parameters)
  sortByValue(values, order, buffers)
  const statistics = taskStatistics(task, values, order, parameters)
  if (parameters.raw === 'sum') addPlain(sums, values, order, task.weight)
  else addPathways(sums, added, { values, order, statistics })
  return statistics
}

interface OrderedScores {
  readonly values: Float64Array
  readonly order: Uint32Array
  readonly statistics: TaskStatistics
}

function addPlain(sums: PathwaySums, values: Float64Array, order: Uint32Array, weight: number): void {
  for (const miner of order) addContribution(sums, miner, values[miner] ?? 0, (values[miner] ?? 0) * weight)
}

function addPathways(sums: PathwaySums, added: AddedTask, scored: OrderedScores): void {
  const { values, order, statistics } = scored
  const { task, parameters } = added
  const count = order.length
  const treat = treatmentOf(statistics)
  const cut = statistics.excellencePossible ? (statistics.excellenceCut ?? Infinity) : Infinity
  for (let start = 0; start < count;) {
    const score = values[order[start] ?? 0] ?? 0
    let end = start + 1
    while (end < count && values[order[end] ?? 0] === score) end += 1
    // All with the same score share the rank of the last of them.
    const percentile = statistics.hasPercentiles ? (100 * end) / count : parameters.sparsePercentile
    const contribution = treat(score) * task.weight * diversityMultiplier(percentile, parameters.diversity)
    const excellence = score >= cut ? score * task.weight : 0
    for (let at = start; at < end; at += 1) {
      const miner = order[at] ?? 0
      addContribution(sums, miner, score, contribution)
      if (excellence > (sums.excellence[miner] ?? 0)) {
        sums.excellence[miner] = excellence
        sums.excellenceTask[miner] = added.taskIndex
      }
    }
    if (added.trace !== null)
      keepRun(added.trace, order.subarray(start, end), percentile, contribution, score >= cut)
    start = end
  }
}

function keepRun(
  trace: TaskTrace,
  run: Uint32Array,
  percentile: number,
  contribution: number,
  isQualified: boolean,
): void {
  for (let at = 0; at < run.length; at += 1) {
    const miner = run[at] ?? 0
    trace.percentiles[miner] = percentile
    trace.contributions[miner] = contribution
    trace.qualified[miner] = isQualified ? 1 : 0
  }
}

function addContribution(sums: PathwaySums, miner: number, score: number, contribution: number): void {
  sums.contributions[miner] = (sums.contributions[miner] ?? 0) + contribution
  if (score !== 0) sums.taskCounts[miner] = (sums.taskCounts[miner] ?? 0) + 1
}

function treatmentOf({ steepness, midpoint }: TaskStatistics): (score: number) => number {
  if (steepness === null || midpoint === null) return (score) => score
  return (score) => 1 / (1 + Math.exp(-steepness * (score - midpoint)))
}

/** How much a score counts by its percentile rank, 0 to 100: between `least` and `most`, half way at `centre`. */
export function diversityMultiplier(
  percentile: number,
  { least, most, centre, steepness }: PathwaysParameters['diversity'],
): number {
  return least + (most - least) / (1 + Math.exp(-steepness * (percentile - centre)))
}
