import type { ExecutionOutcome } from '@subnetkit/core'

const HOUR_MS = 3_600_000

/** One attempt at a task, as an execution log or another source of events has it. */
export interface MinerAttempt {
  readonly uid: number
  readonly hotkey: string
  readonly taskName: string
  /** `infrastructure_fault` is ours: it neither counts nor breaks a row of failures. */
  readonly outcome: ExecutionOutcome
  readonly at: Date
}

/** What attempts say of a miner. */
export interface AttemptFigures {
  readonly attempted: number
  readonly completed: number
  /** Null without attempts. */
  readonly successRate: number | null
  /** The row of failures that its attempts end with. */
  readonly consecutiveFailures: number
  /** Of the UTC hours with an attempt, the share with an answer, in per cent; null without attempts. */
  readonly uptimePercentage: number | null
  readonly lastAnsweredAt: Date | null
}

/**
 * Counts a miner's attempts. Uptime is told by the hour, so that a minute of many failures weighs as much as one; where
 * a failure and an answer are of the same millisecond, the answer counts as the later one.
 */
export function attemptFigures(attempts: readonly MinerAttempt[]): AttemptFigures {
  const counted = attempts.filter(({ outcome }) => outcome !== 'infrastructure_fault')
  const answered = counted.filter(({ outcome }) => outcome === 'scored')
  const attempted = counted.length
  const last = newest(answered)
  const after = last ?? Number.NEGATIVE_INFINITY
  const askedHours = hoursOf(counted)
  return {
    attempted,
    completed: answered.length,
    successRate: attempted === 0 ? null : answered.length / attempted,
    consecutiveFailures: counted.filter(({ at }) => at.getTime() > after).length,
    uptimePercentage: askedHours === 0 ? null : (hoursOf(answered) / askedHours) * 100,
    lastAnsweredAt: last === null ? null : new Date(last),
  }
}

function newest(attempts: readonly MinerAttempt[]): number | null {
  let last: number | null = null
  for (const { at } of attempts) if (last === null || at.getTime() > last) last = at.getTime()
  return last
}

function hoursOf(attempts: readonly MinerAttempt[]): number {
  return new Set(attempts.map(({ at }) => Math.floor(at.getTime() / HOUR_MS))).size
}
