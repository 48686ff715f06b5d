import type { PerformanceTrend, TaskScoreSummary } from '@subnetkit/core'

/** Fewer scores say nothing about a direction. */
const MIN_POINTS = 3
/** Slopes per day below this are no change. */
const MIN_SLOPE = 0.01
/** A line that fits worse than this correlation is no direction. */
const MIN_CORRELATION = 0.3

/** How one task's scores lie over time. */
export type ScoreSpreads = Pick<
  TaskScoreSummary,
  'count' | 'min' | 'max' | 'timeSpread' | 'scoreSpread' | 'commonSpread'
>

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
 * correlation below 0.3; `insufficient_data` is fewer than three scores, or no task with scores of two instants.
 */
export function scoreTrend(tasks: readonly ScoreSpreads[]): ScoreTrend {
  let count = 0
  let timeSpread = 0
  let scoreSpread = 0
  let common = 0
  for (const task of tasks) {
    count += task.count
    timeSpread += task.timeSpread
    // Equal scores have no spread; what rounding leaves of it must not look like a perfect fit.
    if (task.min === task.max) continue
    scoreSpread += task.scoreSpread
    common += task.commonSpread
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
