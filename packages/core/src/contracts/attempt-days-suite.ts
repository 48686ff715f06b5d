import { expect, it } from 'vitest'

import type { AttemptDay } from '../models/attempt-day.ts'
import type { MinerPerformanceRepository } from '../repositories/miner-performance-repository.ts'
import { buildAttemptDay } from './attempt-day-builders.ts'

const DAY_MS = 86_400_000

function midnight(number: number): Date {
  return new Date(Date.UTC(2025, 6, 23 + number))
}

function hour(number: number, ofDay: number): Date {
  return new Date(midnight(number).getTime() + ofDay * 3_600_000)
}

/** What must hold of days of attempts; `newScope` names a validator that no other test writes. */
export function attemptDaysSuite(
  repositoryOf: () => MinerPerformanceRepository,
  newScope: () => Pick<AttemptDay, 'netuid' | 'validatorHotkey'>,
): void {
  const sums = async (scope: Pick<AttemptDay, 'netuid' | 'validatorHotkey'>, first = 0, count = 1) =>
    repositoryOf().listAttempts({ ...scope, from: midnight(first), to: midnight(first + count) })

  it('has no attempts before the first day', async () => {
    const scope = newScope()
    expect(await repositoryOf().putAttempts({ days: [] })).toEqual({ rows: 0 })
    expect(await sums(scope)).toEqual([])
  })

  it('§3.3 sums a day over tasks: an hour counts once, and a failure after the last answer of any task', async () => {
    const scope = newScope()
    const weather = buildAttemptDay({ ...scope, trailingFailures: 1 })
    const soil = buildAttemptDay({
      ...scope,
      taskName: 'soil',
      attempted: 5,
      completed: 0,
      askedHours: 0b1110,
      answeredHours: 0,
      trailingFailures: 2,
      lastAnsweredAt: null,
    })
    const other = { ...weather, minerUid: 8, lastAnsweredAt: null }
    expect(await repositoryOf().putAttempts({ days: [weather, other, soil] })).toEqual({ rows: 3 })
    const { minerUid, minerHotkey, lastAnsweredAt } = weather
    expect(await sums(scope)).toEqual([
      {
        minerUid,
        minerHotkey,
        attempted: 8,
        completed: 2,
        hoursAsked: 4,
        hoursAnswered: 2,
        consecutiveFailures: 3,
        lastAnsweredAt,
        tasks: [
          { taskName: 'soil', attempted: 5, completed: 0 },
          { taskName: 'weather', attempted: 3, completed: 2 },
        ],
      },
      expect.objectContaining({ minerUid: 8, attempted: 3, lastAnsweredAt: null }),
    ])
  })

  it('sums days: a row of failures goes on over days without an answer, and ends at one', async () => {
    const scope = newScope()
    const failed = { completed: 0, answeredHours: 0, trailingFailures: 3, lastAnsweredAt: null }
    const days = [
      buildAttemptDay({ ...scope, day: midnight(0), ...failed }),
      buildAttemptDay({ ...scope, day: midnight(1), lastAnsweredAt: hour(1, 5) }),
      buildAttemptDay({ ...scope, day: midnight(3), ...failed }),
    ]
    await repositoryOf().putAttempts({ days: days.toReversed() })
    expect(await sums(scope, 0, 4)).toMatchObject([
      { attempted: 9, completed: 2, hoursAsked: 9, hoursAnswered: 2, consecutiveFailures: 4 },
    ])
    expect(await sums(scope, 0, 1)).toMatchObject([{ consecutiveFailures: 3, lastAnsweredAt: null }])
    expect(await sums(scope, 0, 3)).toMatchObject([{ consecutiveFailures: 1, lastAnsweredAt: hour(1, 5) }])
    expect(await sums(scope, 4, 9)).toEqual([])
  })

  it('replaces a day that is counted again, and keeps validators, subnets, uids and hotkeys apart', async () => {
    const scope = newScope()
    const first = buildAttemptDay(scope)
    const others = [
      { ...first, netuid: 58 },
      { ...first, validatorHotkey: newScope().validatorHotkey },
      { ...first, minerUid: 8 },
      { ...first, minerHotkey: 'another' },
    ]
    await repositoryOf().putAttempts({ days: [first, ...others] })
    await repositoryOf().putAttempts({ days: [{ ...first, attempted: 90 }] })
    const found = await sums(scope)
    expect(found.map(({ minerUid, minerHotkey, attempted }) => [minerUid, minerHotkey, attempted])).toEqual([
      [7, first.minerHotkey, 90],
      [7, 'another', 3],
      [8, first.minerHotkey, 3],
    ])
  })

  it.each<readonly [string, Partial<AttemptDay>]>([
    ['day', { day: new Date(midnight(0).getTime() + DAY_MS / 2) }],
    ['askedHours', { askedHours: 2 ** 24 }],
    ['attempted', { attempted: -1 }],
    ['minerHotkey', { minerHotkey: `'` }],
  ])('refuses a day of attempts with a bad %s, naming row and field', async (field, spoiled) => {
    const good = buildAttemptDay(newScope())
    const putting = repositoryOf().putAttempts({ days: [good, { ...good, ...spoiled }] })
    await expect(putting).rejects.toMatchObject({ code: 'invalid_input', details: { row: 2, field } })
  })

  it('stores and reads no attempts once the signal is aborted', async () => {
    const day = buildAttemptDay(newScope())
    const reason = new Error('enough')
    const signal = AbortSignal.abort(reason)
    await expect(repositoryOf().putAttempts({ days: [day] }, { signal })).rejects.toBe(reason)
    const window = { ...day, from: midnight(0), to: midnight(1) }
    await expect(repositoryOf().listAttempts(window, { signal })).rejects.toBe(reason)
    expect(await sums(day)).toEqual([])
  })
}
