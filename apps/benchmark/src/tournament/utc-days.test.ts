import { utcDateSchema } from '@subnetkit/core'
import { describe, expect, it } from 'vitest'

import { competitionDays, dayNumberOf } from './tournament-days.ts'
import { addDays, daysBetween, daysFrom } from './utc-days.ts'

describe('days in UTC', () => {
  it.each([
    ['2025-08-01', 0, '2025-08-01'],
    ['2025-12-31', 1, '2026-01-01'],
    ['2024-02-28', 1, '2024-02-29'],
    ['2025-03-01', -1, '2025-02-28'],
    ['2025-03-29', 3, '2025-04-01'],
  ])('%s and %d days is %s', (from, days, to) => {
    expect(addDays(from, days)).toBe(to)
    expect(daysBetween(from, to)).toBe(days)
  })

  it('lists days with both ends, and none backwards', () => {
    expect(daysFrom('2025-08-30', '2025-09-02')).toEqual([
      '2025-08-30',
      '2025-08-31',
      '2025-09-01',
      '2025-09-02',
    ])
    expect(daysFrom('2025-08-02', '2025-08-01')).toEqual([])
  })

  it('counts the days of a competition from 1, and knows which are none of it', () => {
    const competition = {
      competitionStart: utcDateSchema.parse('2025-08-30'),
      competitionEnd: utcDateSchema.parse('2025-09-05'),
    }
    expect(competitionDays(competition).map((day) => dayNumberOf(competition, day))).toEqual([
      1, 2, 3, 4, 5, 6, 7,
    ])
    expect(dayNumberOf(competition, '2025-08-29')).toBeNull()
    expect(dayNumberOf(competition, '2025-09-06')).toBeNull()
  })
})
