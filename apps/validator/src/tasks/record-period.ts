import { setImmediate } from 'node:timers/promises'

import type {
  CallOptions,
  CycleScope,
  PerformancePeriod,
  TaskScoreRepository,
  TaskScoreSummary,
} from '@subnetkit/core'

import { computePerformance } from '../performance/compute-performance.ts'
import type { PerformanceInput } from '../performance/performance-input.ts'
import type { RecordRepositories } from '../ports/record-store.ts'

/** Scores of this long before a period's end make its trend. */
const TREND_WINDOW_MS = 14 * 86_400_000

/** Some ms of work. */
const SLICE_ROWS = 64

/** What a period's statistics are read from and stored in. */
export type RecordPeriodDeps = Pick<RecordRepositories, 'taskScores' | 'minerPerformances'>

/** What a period's statistics are made of, besides what is on record. */
export type RecordPeriodParams = Omit<PerformanceInput, 'attempts' | 'scores'>

/**
 * Computes one period from the scores and the days of attempts on record, and stores it; the same again replaces. Sums
 * are made in the engine, so that the time here goes by miners, not by what they did.
 */
export async function recordPeriod(
  { taskScores, minerPerformances }: RecordPeriodDeps,
  params: RecordPeriodParams,
  options?: CallOptions,
): Promise<Readonly<{ rows: number }>> {
  const { netuid, validatorHotkey, period } = params
  const window = { netuid, validatorHotkey, from: period.start, to: period.end }
  const attempts = await minerPerformances.listAttempts(window, options)
  const scores = await taskScores.listSummaries(window, options)
  const performances = computePerformance({ ...params, attempts, scores })
  return await minerPerformances.put({ performances: inSlices(performances) }, options)
}

/** The same rows, letting others have the thread after some of them: each is checked before it is stored. */
export async function* inSlices<Row>(rows: readonly Row[]): AsyncGenerator<Row, void, void> {
  for (const [at, row] of rows.entries()) {
    if (at % SLICE_ROWS === 0) await setImmediate()
    yield row
  }
}

/** The scores that the trend of a period is told from; of a period that is not over, up to `now` and with it. */
export async function readTrends(
  taskScores: Pick<TaskScoreRepository, 'listSummaries'>,
  params: CycleScope & Readonly<{ period: PerformancePeriod; now: Date }>,
  options?: CallOptions,
): Promise<readonly TaskScoreSummary[]> {
  const { netuid, validatorHotkey, period, now } = params
  const to = new Date(Math.min(period.end.getTime(), now.getTime() + 1))
  const from = new Date(to.getTime() - TREND_WINDOW_MS)
  return await taskScores.listSummaries({ netuid, validatorHotkey, from, to }, options)
}
