import {
  periodTypes as allPeriodTypes,
  type CallOptions,
  type ChainNeuron,
  type CycleScope,
  type ExecutionLogRepository,
  type MinerAtUid,
  type MinerWeightTrace,
  type PeriodType,
} from '@subnetkit/core'

import { periodOf } from '../performance/period-of.ts'
import { countAttempts } from './count-attempts.ts'
import { periodsEnded, recordPastPeriod } from './record-past-period.ts'
import { readTrends, recordPeriod, type RecordPeriodDeps } from './record-period.ts'

/** What statistics are read from and stored in. */
export interface RecordPerformanceDeps {
  readonly record: RecordPeriodDeps
  readonly executionLogs: Pick<ExecutionLogRepository, 'stream'>
}

/** Whose statistics, and what is known of them besides scores and attempts. */
export type RecordPerformanceParams = CycleScope &
  Readonly<{
    /** Who stands at which uid now: each of them has a row, with nothing in it when nothing is known. */
    miners: readonly MinerAtUid[]
    /** Of the newest cycle. */
    traces: readonly MinerWeightTrace[]
    /** Of the newest epoch. */
    neurons: readonly ChainNeuron[]
    /** Block that holds the cycle's weights; null when they are not there. */
    weightSubmissionBlock: number | null
    now: Date
    /** @default all of them */
    periodTypes?: readonly PeriodType[]
    /** False: statistics without pathway columns. */
    showsPathways: boolean
    /** False: statistics without incentive columns. */
    showsChain: boolean
    /** Told how many of the miners' days are counted. */
    onCounted?: (counted: Readonly<{ done: number; total: number }>) => void
  }>

/** What a pass over the statistics did. */
export interface RecordedPerformance {
  /** Rows stored, of all periods. */
  readonly rows: number
  /** Attempts that were read. */
  readonly attempts: number
}

/**
 * Computes the periods that `now` lies in, and those that ended since the last pass, and stores them; the same again
 * replaces. Attempts are logged for a week only,
 * so that they are first counted by day: a pass reads those of today alone, or since the last one. What the logs of a
 * longer outage said is not known any more, and an hour or a failure of it is in no sum.
 *
 * @throws InputError for miners, traces or neurons that cannot be; StorageError. What is stored by then stays, and the
 *   next pass replaces it.
 */
export async function recordPerformance(
  { record, executionLogs }: RecordPerformanceDeps,
  params: RecordPerformanceParams,
  options?: CallOptions,
): Promise<RecordedPerformance> {
  const { netuid, validatorHotkey, miners, now, weightSubmissionBlock } = params
  const { periodTypes = allPeriodTypes, showsPathways, showsChain } = params
  const scope = { netuid, validatorHotkey }
  const { attempts, from } = await countAttempts(
    { ...record, executionLogs },
    { ...scope, miners, now, ...(params.onCounted === undefined ? {} : { onCounted: params.onCounted }) },
    options,
  )
  // Every period that is not over has the same trend: that of the last fourteen days.
  const trends = await readTrends(
    record.taskScores,
    { ...scope, period: periodOf('daily', now), now },
    options,
  )
  let rows = 0
  // A day that has ended since the last pass had more to come then, and so had its week or month.
  for (const period of periodsEnded(from, periodOf('daily', now).start)) {
    if (!periodTypes.includes(period.type)) continue
    rows += (await recordPastPeriod(record, { ...scope, period, now }, options)).rows
  }
  for (const type of periodTypes) {
    const stored = await recordPeriod(
      record,
      {
        ...scope,
        period: periodOf(type, now),
        miners,
        trends,
        traces: showsPathways ? params.traces : [],
        neurons: showsChain ? params.neurons : [],
        weightSubmissionBlock,
        calculatedAt: now,
      },
      options,
    )
    rows += stored.rows
  }
  return { rows, attempts }
}
