import type { MinerColumns } from './miner-columns.ts'
import {
  addTask,
  clearSums,
  copyOfSums,
  emptyTaskTrace,
  type PathwaySums,
  type TaskTrace,
} from './pathway-sums.ts'
import type { ClusterParameters, PathwaysParameters } from './pathways-parameters.ts'
import { shapeWeights, type ShapedWeights } from './shape-weights.ts'
import { columnOf } from './task-scores.ts'
import type { TaskStatistics } from './task-statistics.ts'
import { weightScratch } from './weight-scratch.ts'

/** What {@link computeWeights} takes. */
export interface WeightInput {
  readonly miners: MinerColumns
  /** By task: one score per miner, higher is better, NaN is no score. Tasks that are not in the parameters are ignored. */
  readonly scores: ReadonlyMap<string, Float64Array>
  readonly parameters: PathwaysParameters
  /** Keeps what each miner's way is told from; costs memory and time. @default false */
  readonly trace?: boolean
}

/** Everything kept about the way from scores to weights, as columns in the order of miners. */
export interface WeightTrace extends PathwaySums {
  /** In the order of the parameters' tasks. */
  readonly tasks: readonly TaskTrace[]
  readonly scores: readonly Float64Array[]
  /** The multi-task bonus; 0 for miners without a score. */
  readonly bonus: Float64Array
  readonly diversity: Float64Array
  /** Before clusters. */
  readonly raw: Float64Array
  readonly clusterFactors: Float64Array
}

/** Weights of one cycle. */
export interface ComputedWeights extends ShapedWeights {
  /** By miner, after clusters. */
  readonly raw: Float64Array
  readonly statistics: readonly TaskStatistics[]
  readonly trace: WeightTrace | null
}

/**
 * The `pathways` rule: scores of any tasks to weights that sum to one, or to zeros with branch `none` when nobody earned
 * any. Pure; the result follows the miners when they are listed in another order (ties `listed` aside).
 * @throws InputError naming task and uid of a score that the parameters refuse, or a column that is missing.
 */
export function computeWeights({ miners, scores, parameters, trace = false }: WeightInput): ComputedWeights {
  const { size } = miners
  const { tasks } = parameters
  const scratch = weightScratch(size)
  const { sums, raw } = scratch
  clearSums(sums)
  const columns = tasks.map(({ name }) => columnOf(scores, name, size))
  const traces = trace ? tasks.map(() => emptyTaskTrace(size)) : []
  const statistics = tasks.map((task, taskIndex) =>
    addTask(sums, {
      task,
      taskIndex,
      column: columns[taskIndex] ?? new Float64Array(size),
      columns: miners,
      parameters,
      scores: scratch.scores,
      ranking: scratch.ranking,
      trace: traces[taskIndex] ?? null,
    }),
  )
  const bonuses = bonusByTasks(parameters)
  rawWeights(sums, bonuses, raw)
  const clusterFactors = trace ? new Float64Array(size) : null
  const kept = trace
    ? { ...copyOfSums(sums), ...diversityOf(sums, bonuses), tasks: traces, scores: columns, raw: raw.slice() }
    : null
  weighClusters(raw, miners, parameters.clusters, clusterFactors)
  // Named one by one, here and in the trace: to spread an object costs more than to rank 256 scores.
  const { branch, weights, normalised, curved, midpoint, deviation } = shapeWeights(
    scratch,
    miners,
    parameters,
  )
  return {
    branch,
    weights,
    normalised,
    curved,
    midpoint,
    deviation,
    raw: raw.slice(),
    statistics,
    trace: kept === null || clusterFactors === null ? null : { ...kept, clusterFactors },
  }
}

/** The bonus by number of tasks with a score. */
function bonusByTasks({ tasks, raw, bonus }: PathwaysParameters): Float64Array {
  const bonuses = new Float64Array(tasks.length + 1)
  for (let count = 1; count <= tasks.length; count += 1) {
    bonuses[count] = raw === 'sum' ? 1 : bonus.base + bonus.perTask * count
  }
  return bonuses
}

function rawWeights(
  { contributions, excellence, taskCounts }: PathwaySums,
  bonuses: Float64Array,
  raw: Float64Array,
): void {
  for (let miner = 0; miner < raw.length; miner += 1) {
    const diversity = (bonuses[taskCounts[miner] ?? 0] ?? 0) * (contributions[miner] ?? 0)
    // Scores below zero, where they count, may leave less than nothing: that is nothing.
    raw[miner] = Math.max(excellence[miner] ?? 0, diversity, 0)
  }
}

/** What {@link rawWeights} works out on the way, kept for the trace only. */
function diversityOf(
  { contributions, taskCounts }: PathwaySums,
  bonuses: Float64Array,
): Pick<WeightTrace, 'bonus' | 'diversity'> {
  const bonus = new Float64Array(contributions.length)
  const diversity = new Float64Array(contributions.length)
  for (let miner = 0; miner < contributions.length; miner += 1) {
    const factor = bonuses[taskCounts[miner] ?? 0] ?? 0
    bonus[miner] = factor
    diversity[miner] = factor * (contributions[miner] ?? 0)
  }
  return { bonus, diversity }
}

/** Multiplies raw weights by what clusters leave, and writes these factors to `factors` when they are to be kept. */
function weighClusters(
  raw: Float64Array,
  { clusterSizes }: MinerColumns,
  clusters: ClusterParameters,
  factors: Float64Array | null,
): void {
  factors?.fill(1)
  if (clusters.kind === 'off') return
  for (let miner = 0; miner < raw.length; miner += 1) {
    const size = clusterSizes[miner] ?? 1
    if (size <= clusters.from) continue
    const factor = clusterFactor(size, clusters)
    raw[miner] = (raw[miner] ?? 0) * factor
    if (factors !== null) factors[miner] = factor
  }
}

/** What a miner keeps when `size` miners share its coldkey: 1 down to 0. */
export function clusterFactor(size: number, { from, to, slope }: ClusterParameters): number {
  if (size <= from) return 1
  return size >= to ? 0 : 1 - (slope * (size - from)) / (to - from)
}
