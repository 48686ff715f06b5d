import type { AttemptSums, MinerWeightTrace, TaskPerformance, TaskScoreSummary } from '@subnetkit/core'

import { scoreFigures } from './score-figures.ts'
import { scoreTrend } from './score-trend.ts'

/** What is known of one miner in one task. */
export interface TaskFiguresInput {
  readonly taskName: string
  readonly attempts: AttemptSums['tasks'][number] | undefined
  /** Of the period. */
  readonly scores: TaskScoreSummary | undefined
  /** Of the trend's window. */
  readonly trend: TaskScoreSummary | undefined
  readonly trace: MinerWeightTrace | null
}

/** A miner's period in one task; its rank is given when all miners are known. */
export function taskFigures(input: TaskFiguresInput): Omit<TaskPerformance, 'rank'> {
  const { taskName, attempts, scores, trend, trace } = input
  const attempted = attempts?.attempted ?? 0
  const completed = attempts?.completed ?? 0
  const traced = trace?.tasks.find(({ task }) => task === taskName)
  return {
    taskName,
    tasksAttempted: attempted,
    tasksCompleted: completed,
    tasksScored: scores?.count ?? 0,
    successRate: attempted === 0 ? null : completed / attempted,
    avgScore: scores?.mean ?? null,
    bestScore: scores?.max ?? null,
    latestScore: scores?.latest ?? null,
    ...scoreFigures(scores),
    ...scoreTrend(trend === undefined ? [] : [trend]),
    // Scores on record have none of what else a task measures.
    metrics: {},
    weightScore: traced?.score ?? null,
    percentileRank: traced?.percentile ?? null,
    weightContribution: traced?.contribution ?? null,
    effectiveContribution: traced?.effectiveContribution ?? null,
    isQualified: traced?.isQualified ?? false,
  }
}
