import { linearQuantile } from './linear-quantile.ts'
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

/** Statistics of a task from its scores in ascending order, so that sums do not depend on who is listed first. */
export function taskStatistics(
  task: WeightTask,
  sorted: Float64Array,
  parameters: PathwaysParameters,
): TaskStatistics {
  const count = sorted.length
  const hasPercentiles = count >= parameters.minPercentileScores
  const { mean, deviation } = moments(sorted)
  const isSigmoid = task.treatment === 'sigmoid'
  return {
    name: task.name,
    weight: task.weight,
    treatment: task.treatment,
    count,
    hasPercentiles,
    excellenceCut: hasPercentiles ? linearQuantile(sorted, parameters.excellenceQuantile) : null,
    excellencePossible: hasPercentiles && count >= parameters.minExcellenceScores,
    mean,
    deviation,
    steepness: isSigmoid ? steepnessOf(deviation, parameters.sigmoid) : null,
    midpoint: isSigmoid ? (mean ?? parameters.sigmoid.emptyMidpoint) : null,
  }
}

function moments(sorted: Float64Array): { readonly mean: number | null; readonly deviation: number | null } {
  const count = sorted.length
  if (count === 0) return { mean: null, deviation: null }
  let sum = 0
  for (let at = 0; at < count; at += 1) sum += sorted[at] ?? 0
  const mean = sum / count
  let squares = 0
  for (let at = 0; at < count; at += 1) {
    const distance = (sorted[at] ?? 0) - mean
    squares += distance * distance
  }
  return { mean, deviation: Math.sqrt(squares / count) }
}

function steepnessOf(deviation: number | null, parameters: SigmoidParameters): number {
  if (deviation === null) return parameters.emptySteepness
  const wanted = parameters.spread / Math.max(deviation, parameters.minDeviation)
  return Math.min(Math.max(wanted, parameters.minSteepness), parameters.maxSteepness)
}
