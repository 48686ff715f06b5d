import { periodTypes } from '@subnetkit/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { periodOf } from './period-of.ts'

describe('periodOf', () => {
  it.each([
    ['daily', '2025-07-23T10:00:00Z', '2025-07-23', '2025-07-24'],
    ['weekly', '2025-07-23T10:00:00Z', '2025-07-21', '2025-07-28'],
    ['monthly', '2025-07-23T10:00:00Z', '2025-07-01', '2025-08-01'],
    ['all_time', '2025-07-23T10:00:00Z', '1970-01-01', '2100-01-01'],
    ['weekly', '2025-01-01T00:00:00Z', '2024-12-30', '2025-01-06'],
    ['weekly', '2024-12-29T23:59:59.999Z', '2024-12-23', '2024-12-30'],
    ['monthly', '2024-02-29T23:59:59.999Z', '2024-02-01', '2024-03-01'],
    ['monthly', '2025-12-31T12:00:00Z', '2025-12-01', '2026-01-01'],
  ] as const)('%s of %s is [%s, %s)', (type, now, start, end) => {
    expect(periodOf(type, new Date(now))).toEqual({ type, start: new Date(start), end: new Date(end) })
  })

  it.each(periodTypes.filter((type) => type !== 'all_time'))(
    '§6.20 gives every instant to exactly one %s period; its end is the next one’s start',
    (type) => {
      fc.assert(
        fc.property(
          fc.date({ min: new Date(0), max: new Date('2099-11-30T00:00:00Z'), noInvalidDate: true }),
          (now) => {
            const period = periodOf(type, now)
            expect(now >= period.start && now < period.end).toBe(true)
            expect(periodOf(type, period.end).start).toEqual(period.end)
            expect(periodOf(type, new Date(period.end.getTime() - 1))).toEqual(period)
          },
        ),
        { numRuns: 50 },
      )
    },
  )

  it.each([new Date(Number.NaN), new Date(-1), new Date('2100-01-01T00:00:00Z')])('refuses %s', (now) => {
    expect(() => periodOf('daily', now)).toThrow(expect.objectContaining({ name: 'InputError' }))
  })
})
