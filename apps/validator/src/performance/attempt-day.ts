import type { AttemptDay, ExecutionOutcome, TaskScore } from '@subnetkit/core'

const HOUR_MS = 3_600_000

/** One attempt at a task, as an execution log or another source of events has it. */
export interface MinerAttempt {
  readonly taskName: string
  /** `infrastructure_fault` is ours: it neither counts nor breaks a row of failures. */
  readonly outcome: ExecutionOutcome
  readonly at: Date
}

/** Whose day it is. */
export type AttemptDayKey = Pick<TaskScore, 'netuid' | 'validatorHotkey'> &
  Pick<AttemptDay, 'day' | 'minerUid' | 'minerHotkey'>

/**
 * Counts one miner's attempts of one day, task by task, by name. Uptime is told by the hour, so that a minute of many
 * failures weighs as much as one; where a failure and an answer are of the same millisecond, the answer counts as the
 * later one. The order of attempts is free; attempts of another day must not be among them.
 */
export function attemptDay(key: AttemptDayKey, attempts: readonly MinerAttempt[]): readonly AttemptDay[] {
  const { netuid, validatorHotkey, day, minerUid, minerHotkey } = key
  const counted = attempts.filter(({ outcome }) => outcome !== 'infrastructure_fault')
  const lastAnswer = newestAnswer(counted) ?? Number.NEGATIVE_INFINITY
  const names = new Set(counted.map(({ taskName }) => taskName))
  return [...names].toSorted().map((name) => {
    const asked = counted.filter(({ taskName }) => taskName === name)
    const answered = asked.filter(({ outcome }) => outcome === 'scored')
    const last = newestAnswer(asked)
    return {
      netuid,
      validatorHotkey,
      day,
      minerUid,
      minerHotkey,
      taskName: name,
      attempted: asked.length,
      completed: answered.length,
      askedHours: hoursOf(day, asked),
      answeredHours: hoursOf(day, answered),
      trailingFailures: asked.filter(({ at }) => at.getTime() > lastAnswer).length,
      lastAnsweredAt: last === null ? null : new Date(last),
    }
  })
}

function newestAnswer(attempts: readonly MinerAttempt[]): number | null {
  let last: number | null = null
  for (const { at, outcome } of attempts) {
    if (outcome === 'scored' && (last === null || at.getTime() > last)) last = at.getTime()
  }
  return last
}

function hoursOf(day: Date, attempts: readonly MinerAttempt[]): number {
  let hours = 0
  for (const { at } of attempts) hours |= 1 << Math.floor((at.getTime() - day.getTime()) / HOUR_MS)
  return hours
}
