import type { MinerColumns } from './miner-columns.ts'
import { addTask, emptySums, emptyTaskTrace, type PathwaySums, type TaskTrace } from './pathway-sums.ts'
import type { ClusterParameters, PathwaysParameters } from './pathways-parameters.ts'
import { createRanking } from './rank-scores.ts'
import { shapeWeights, type ShapedWeights } from './shape-weights.ts'
import { columnOf } from './task-scores.ts'
import type { TaskStatistics } from './task-statistics.ts'

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
  const sums = emptySums(size)
  const rank = createRanking(size)
  const buffer = new Uint32Array(size)
  const traces = trace ? tasks.map(() => emptyTaskTrace(size)) : []
  const columns = tasks.map(({ name }) => columnOf(scores, name, size))
  const statistics = tasks.map((task, taskIndex) => {
    const column = columns[taskIndex] ?? new Float64Array(size)
    return addTask(sums, {
      task,
      taskIndex,
      column,
      columns: miners,
      parameters,
      rank,
      buffer,
      trace: traces[taskIndex] ?? null,
    })
  })
  const raws = rawWeights(sums, parameters, trace)
  const clusterFactors = clusterFactorsOf(miners, parameters.clusters)
  const raw = clusterFactors === null ? raws.raw : multiply(raws.raw, clusterFactors)
  return {
    ...shapeWeights(raw, miners, parameters),
    raw,
    statistics,
    trace: trace
      ? {
          ...sums,
          tasks: traces,
          scores: columns,
          bonus: raws.bonus,
          diversity: raws.diversity,
          raw: raws.raw,
          clusterFactors: clusterFactors ?? new Float64Array(size).fill(1),
        }
      : null,
  }
}

interface RawWeights {
  readonly raw: Float64Array
  /** Empty without a trace. */
  readonly bonus: Float64Array
  readonly diversity: Float64Array
}

function rawWeights(sums: PathwaySums, parameters: PathwaysParameters, keep: boolean): RawWeights {
  const size = sums.contributions.length
  const raw = new Float64Array(size)
  const bonus = new Float64Array(keep ? size : 0)
  const diversity = new Float64Array(keep ? size : 0)
  const isPlain = parameters.raw === 'sum'
  for (let miner = 0; miner < size; miner += 1) {
    const tasks = sums.taskCounts[miner] ?? 0
    if (tasks === 0) continue
    const factor = isPlain ? 1 : parameters.bonus.base + parameters.bonus.perTask * tasks
    const spread = factor * (sums.contributions[miner] ?? 0)
    // Scores below zero, where they count, may leave less than nothing: that is nothing.
    raw[miner] = Math.max(sums.excellence[miner] ?? 0, spread, 0)
    if (!keep) continue
    bonus[miner] = factor
    diversity[miner] = spread
  }
  return { raw, bonus, diversity }
}

/** Null when every factor is 1. */
function clusterFactorsOf(miners: MinerColumns, clusters: ClusterParameters): Float64Array | null {
  if (clusters.kind === 'off') return null
  let factors: Float64Array | null = null
  for (let miner = 0; miner < miners.size; miner += 1) {
    const factor = clusterFactor(miners.clusterSizes[miner] ?? 1, clusters)
    if (factor === 1) continue
    factors ??= new Float64Array(miners.size).fill(1)
    factors[miner] = factor
  }
  return factors
}

/** What a miner keeps when `size` miners share its coldkey: 1 down to 0. */
export function clusterFactor(size: number, { from, to, slope }: ClusterParameters): number {
  if (size <= from) return 1
  return size >= to ? 0 : 1 - (slope * (size - from)) / (to - from)
}

function multiply(left: Float64Array, right: Float64Array): Float64Array {
  return left.map((value, at) => value * (right[at] ?? 1))
}
