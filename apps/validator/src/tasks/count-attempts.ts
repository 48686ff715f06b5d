import {
  EXECUTION_LOG_DAYS,
  type AttemptDay,
  type CallOptions,
  type CycleScope,
  type ExecutionLogRepository,
  type MinerAtUid,
  type MinerPerformanceRepository,
} from '@subnetkit/core'

import { attemptDay, type MinerAttempt } from '../performance/attempt-day.ts'
import { periodOf } from '../performance/period-of.ts'
import { boundedRun } from '../sampling/bounded-run.ts'

const DAY_MS = 86_400_000
/** Miners whose logs are read at the same time, one day of each. */
const CONCURRENCY = 8
/** Miners whose days are stored at a time. */
const PUT_MINERS = 64
/** A log may reach the store this long after its attempt: a day counts as whole when it was counted after that. */
const LATE_MS = 10 * 60_000

/** What counting reads and writes. */
export interface CountAttemptsDeps {
  readonly minerPerformances: Pick<MinerPerformanceRepository, 'list' | 'putAttempts'>
  readonly executionLogs: Pick<ExecutionLogRepository, 'stream'>
}

/** Whose attempts are counted. */
export type CountAttemptsParams = CycleScope &
  Readonly<{
    miners: readonly MinerAtUid[]
    now: Date
    /** Told how many of the miners' days are counted. */
    onCounted?: (counted: Readonly<{ done: number; total: number }>) => void
  }>

/** What was counted. */
export interface CountedAttempts {
  readonly attempts: number
  /** The first day that was counted again. */
  readonly from: Date
}

/**
 * Counts the attempts of every day that may have new ones: today, and back to the day that statistics were computed on
 * last, as far as logs are kept whole. Days before it were counted after they had ended.
 */
export async function countAttempts(
  deps: CountAttemptsDeps,
  params: CountAttemptsParams,
  options?: CallOptions,
): Promise<CountedAttempts> {
  const { miners, now, onCounted } = params
  const from = await firstOpenDay(deps, params, options)
  const days = daysBetween(from, now)
  const total = days.length * miners.length
  let attempts = 0
  let done = 0
  for (const day of days) {
    for (let at = 0; at < miners.length; at += PUT_MINERS) {
      options?.signal?.throwIfAborted()
      const rows: AttemptDay[] = []
      const batch = miners.slice(at, at + PUT_MINERS)
      await boundedRun(batch, CONCURRENCY, async (miner) => {
        const read = await readDay(deps, { ...params, day, miner }, options)
        attempts += read.length
        const { netuid, validatorHotkey } = params
        rows.push(...attemptDay({ netuid, validatorHotkey, day, ...miner }, read))
      })
      await deps.minerPerformances.putAttempts({ days: rows }, options)
      done += batch.length
      onCounted?.({ done, total })
    }
  }
  return { attempts, from }
}

function dayOf(instant: Date): Date {
  return periodOf('daily', instant).start
}

function daysBetween(first: Date, now: Date): readonly Date[] {
  const days: Date[] = []
  for (let at = first.getTime(); at <= now.getTime(); at += DAY_MS) days.push(new Date(at))
  return days
}

async function firstOpenDay(
  { minerPerformances }: CountAttemptsDeps,
  { netuid, validatorHotkey, now }: CountAttemptsParams,
  options: CallOptions | undefined,
): Promise<Date> {
  // Of the day that a week ago lies in, a part of the logs is gone.
  const earliest = dayOf(new Date(now.getTime() - (EXECUTION_LOG_DAYS - 1) * DAY_MS))
  for (let at = dayOf(now).getTime(); at > earliest.getTime(); at -= DAY_MS) {
    const period = periodOf('daily', new Date(at))
    const page = await minerPerformances.list({ netuid, validatorHotkey, period, limit: 1 }, options)
    const [row] = page.items
    if (row === undefined) continue
    const open = dayOf(new Date(row.calculatedAt.getTime() - LATE_MS))
    return new Date(Math.max(Math.min(open.getTime(), dayOf(now).getTime()), earliest.getTime()))
  }
  return earliest
}

async function readDay(
  { executionLogs }: CountAttemptsDeps,
  {
    now,
    day,
    miner: { minerHotkey },
  }: CountAttemptsParams & { readonly day: Date; readonly miner: MinerAtUid },
  options: CallOptions | undefined,
): Promise<readonly MinerAttempt[]> {
  const scope = { minerHotkey, from: day, to: new Date(day.getTime() + DAY_MS), now }
  const attempts: MinerAttempt[] = []
  for await (const { environment, outcome, finishedAt } of executionLogs.stream(scope, options)) {
    attempts.push({ taskName: environment, outcome, at: finishedAt })
  }
  return attempts
}
