import type { PerformanceTrend } from '@subnetkit/core'

const DAY_MS = 86_400_000
/** Fewer scores say nothing about a direction. */
const MIN_POINTS = 3
/** Slopes per day below this are no change. */
const MIN_SLOPE = 0.01
/** A line that fits worse than this correlation is no direction. */
const MIN_CORRELATION = 0.3

/** A score and when it was given. */
export interface TimedScore {
  readonly at: Date
  readonly score: number
}

/** Where scores are going. */
export interface ScoreTrend {
  readonly performanceTrend: PerformanceTrend
  /** Change per day; null with insufficient data. */
  readonly trendSlope: number | null
  /** Size of the correlation of score and time, 0 to 1. */
  readonly trendConfidence: number
}

/**
 * Fits a line through the scores of tasks over days by least squares: one slope, and a level for each task, so that a
 * task which starts late or is harder than the others is no decline. `stable` is a slope below 0.01 a day or a
 * correlation below 0.3; `insufficient_data` is fewer than three scores, or no task with scores of two instants. The
 * order of a task's scores is free.
 */
export function scoreTrend(tasks: readonly (readonly TimedScore[])[]): ScoreTrend {
  let count = 0
  let timeSpread = 0
  let scoreSpread = 0
  let common = 0
  for (const scores of tasks) {
    const points = scores.toSorted((a, b) => a.at.getTime() - b.at.getTime() || a.score - b.score)
    const start = points[0]?.at.getTime() ?? 0
    const days = points.map(({ at }) => (at.getTime() - start) / DAY_MS)
    const values = points.map(({ score }) => score)
    count += points.length
    timeSpread += coSpread(days, days)
    // Equal scores have no spread; what rounding leaves of it must not look like a perfect fit.
    if (values.every((value) => value === values[0])) continue
    scoreSpread += coSpread(values, values)
    common += coSpread(days, values)
  }
  if (count < MIN_POINTS || timeSpread === 0) {
    return { performanceTrend: 'insufficient_data', trendSlope: null, trendConfidence: 0 }
  }
  const slope = common / timeSpread
  const spread = Math.sqrt(timeSpread * scoreSpread)
  const confidence = spread === 0 ? 0 : Math.min(1, Math.abs(common / spread))
  const isStable = Math.abs(slope) < MIN_SLOPE || confidence < MIN_CORRELATION
  const direction = slope > 0 ? 'improving' : 'declining'
  return {
    performanceTrend: isStable ? 'stable' : direction,
    trendSlope: slope,
    trendConfidence: confidence,
  }
}

/** Sum of the products of two columns' distances from their means. */
function coSpread(a: readonly number[], b: readonly number[]): number {
  const meanA = mean(a)
  const meanB = mean(b)
  let sum = 0
  for (const [at, value] of a.entries()) sum += (value - meanA) * ((b[at] ?? 0) - meanB)
  return sum
}

function mean(values: readonly number[]): number {
  let sum = 0
  for (const value of values) sum += value
  return values.length === 0 ? 0 : sum / values.length
}
