import type { PathwaysParameters, SigmoidParameters, WeightTask } from './pathways-parameters.ts'

/** What all scores of one task say together. */
export interface TaskStatistics {
  readonly name: string
  readonly weight: number
  readonly treatment: WeightTask['treatment']
  /** Miners with a score. */
  readonly count: number
  readonly hasPercentiles: boolean
  /** The score from which excellence starts (P85); null without enough scores for percentiles. */
  readonly excellenceCut: number | null
  readonly excellencePossible: boolean
  readonly mean: number | null
  /** Population deviation. */
  readonly deviation: number | null
  /** Of the sigmoid: null for tasks whose scores count as they are. */
  readonly steepness: number | null
  readonly midpoint: number | null
}

/** Statistics of a task from its scores; `order` lists miners by ascending score, so sums do not depend on who is listed first. */
export function taskStatistics(
  task: WeightTask,
  values: Float64Array,
  order: Uint32Array,
  parameters: PathwaysParameters,
): TaskStatistics {
  const count = order.length
  const hasPercentiles = count >= parameters.minPercentileScores
  const { mean, deviation } = moments(values, order)
  const isSigmoid = task.treatment === 'sigmoid'
  return {
    ...task,
    count,
    hasPercentiles,
    excellenceCut: hasPercentiles ? quantileOf(values, order, parameters.excellenceQuantile) : null,
    excellencePossible: hasPercentiles && count >= parameters.minExcellenceScores,
    mean,
    deviation,
    steepness: isSigmoid ? steepnessOf(deviation, parameters.sigmoid) : null,
    midpoint: isSigmoid ? (mean ?? parameters.sigmoid.emptyMidpoint) : null,
  }
}

function moments(
  values: Float64Array,
  order: Uint32Array,
): { readonly mean: number | null; readonly deviation: number | null } {
  const count = order.length
  if (count === 0) return { mean: null, deviation: null }
  let sum = 0
  for (let at = 0; at < count; at += 1) sum += values[order[at] ?? 0] ?? 0
  const mean = sum / count
  let squares = 0
  for (let at = 0; at < count; at += 1) {
    const distance = (values[order[at] ?? 0] ?? 0) - mean
    squares += distance * distance
  }
  return { mean, deviation: Math.sqrt(squares / count) }
}

function steepnessOf(deviation: number | null, parameters: SigmoidParameters): number {
  if (deviation === null) return parameters.emptySteepness
  const wanted = parameters.spread / Math.max(deviation, parameters.minDeviation)
  return Math.min(Math.max(wanted, parameters.minSteepness), parameters.maxSteepness)
}

function quantileOf(values: Float64Array, order: Uint32Array, share: number): number {
  const place = share * (order.length - 1)
  const below = Math.floor(place)
  const low = values[order[below] ?? 0] ?? 0
  const high = values[order[Math.min(below + 1, order.length - 1)] ?? 0] ?? 0
  return low + (high - low) * (place - below)
}

/** The linear quantile (type 7) of numbers in ascending order, `share` in [0, 1]; NaN of nothing. */
export function linearQuantile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1)
  const below = Math.max(0, Math.floor(place))
  const low = sorted[below] ?? Number.NaN
  const high = sorted[below + 1] ?? low
  return low + (high - low) * (place - below)
}
