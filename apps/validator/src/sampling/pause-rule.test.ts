import { describe, expect, it } from 'vitest'

import { pauseAfterErrors } from './pause-rule.ts'

const now = new Date('2026-02-03T04:05:06.789Z')
const minutesAfter = (minutes: number): Date => new Date(now.getTime() + minutes * 60_000)
const rule = (consecutiveErrors: number, pause: Parameters<typeof pauseAfterErrors>[0]['pause'] = null) =>
  pauseAfterErrors({ consecutiveErrors, pauseAfterErrors: 10, pause, now })

describe('pauseAfterErrors', () => {
  it.each([
    [0, null],
    [9, null],
    [10, 10],
    [20, 20],
    [30, 40],
    [80, 1_280],
    [90, 1_440],
    [1_000_000, 1_440],
  ])('after %i faults in a row pauses for %s minutes', (errors, minutes) => {
    expect(rule(errors)?.until ?? null).toEqual(minutes === null ? null : minutesAfter(minutes))
  })

  it('notes how many faults there were and how long it lasts', () => {
    expect(rule(20)?.reason).toBe('20 faults in a row; paused for 20 minutes')
  })

  it('makes up for a pause that a crash swallowed', () => {
    expect(rule(13)?.until).toEqual(minutesAfter(10))
  })

  it('leaves a pause that is in effect alone', () => {
    const since = minutesAfter(-1)
    expect(rule(20, { reason: 'by hand', since, until: null })).toBeNull()
    expect(rule(20, { reason: 'rule', since, until: minutesAfter(1) })).toBeNull()
  })

  it('after a pause that is over waits for the next full row', () => {
    const over = { reason: 'rule', since: minutesAfter(-20), until: now }
    expect(rule(11, over)).toBeNull()
    expect(rule(19, over)).toBeNull()
    expect(rule(20, over)?.until).toEqual(minutesAfter(20))
  })
})
