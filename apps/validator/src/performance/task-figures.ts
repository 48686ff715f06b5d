import type { MinerWeightTrace, TaskPerformance } from '@subnetkit/core'

import { attemptFigures, type MinerAttempt } from './attempt-figures.ts'
import type { PerformanceScore } from './performance-input.ts'
import { scoreDistribution, sortScores } from './score-distribution.ts'
import { scoreTrend, type TimedScore } from './score-trend.ts'

/** A score that is one: rows of "no score" are gone. */
export interface GivenScore extends PerformanceScore {
  readonly score: number
}

/** What is known of one miner in one task. */
export interface TaskFiguresInput {
  readonly taskName: string
  readonly attempts: readonly MinerAttempt[]
  /** Of the period. */
  readonly scores: readonly GivenScore[]
  /** Of the trend's window. */
  readonly trendScores: readonly GivenScore[]
  readonly trace: MinerWeightTrace | null
}

/** A miner's period in one task; its rank is given when all miners are known. */
export function taskFigures(input: TaskFiguresInput): Omit<TaskPerformance, 'rank'> {
  const { taskName, attempts, scores, trendScores, trace } = input
  const { attempted, completed, successRate } = attemptFigures(attempts)
  const sorted = sortScores(scores.map(({ score }) => score))
  const distribution = scoreDistribution(sorted)
  const traced = trace?.tasks.find(({ task }) => task === taskName)
  return {
    taskName,
    tasksAttempted: attempted,
    tasksCompleted: completed,
    tasksScored: scores.length,
    successRate,
    avgScore: sorted.mean,
    bestScore: distribution.scoreMax,
    latestScore: scores.toSorted(byTime).at(-1)?.score ?? null,
    ...distribution,
    ...scoreTrend([timed(trendScores)]),
    metrics: meanMetrics(scores),
    weightScore: traced?.score ?? null,
    percentileRank: traced?.percentile ?? null,
    weightContribution: traced?.contribution ?? null,
    effectiveContribution: traced?.effectiveContribution ?? null,
    isQualified: traced?.isQualified ?? false,
  }
}

/** Scores as {@link scoreTrend} takes them. */
export function timed(scores: readonly GivenScore[]): readonly TimedScore[] {
  return scores.map(({ score, scoredAt }) => ({ score, at: scoredAt }))
}

/** Of two scores of one instant the one with the later task id is the newer, and then the higher. */
function byTime(a: GivenScore, b: GivenScore): number {
  const apart = a.scoredAt.getTime() - b.scoredAt.getTime()
  if (apart !== 0) return apart
  if (a.taskId !== b.taskId) return a.taskId < b.taskId ? -1 : 1
  return a.score - b.score
}

function meanMetrics(scores: readonly PerformanceScore[]): Readonly<Record<string, number>> {
  const measured = new Map<string, number[]>()
  for (const { metrics = {} } of scores) {
    for (const [name, value] of Object.entries(metrics)) {
      const values = measured.get(name)
      if (values === undefined) measured.set(name, [value])
      else values.push(value)
    }
  }
  const means: Record<string, number> = {}
  for (const name of [...measured.keys()].toSorted()) {
    const { mean } = sortScores(measured.get(name) ?? [])
    if (mean !== null) means[name] = mean
  }
  return means
}
