import { type TournamentStatus, utcDateSchema } from '@subnetkit/core'
import { describe, expect, it } from 'vitest'

import { nextStatus } from './next-status.ts'

const dates = {
  registrationStart: utcDateSchema.parse('2025-08-01'),
  registrationEnd: utcDateSchema.parse('2025-08-03'),
  competitionEnd: utcDateSchema.parse('2025-08-10'),
}
const nothing = { areDaysDone: false, isScored: false }

describe('nextStatus', () => {
  it.each<[TournamentStatus, string, typeof nothing, TournamentStatus | null]>([
    ['draft', '2025-07-31', nothing, null],
    ['draft', '2025-08-01', nothing, 'registration'],
    ['draft', '2025-12-01', nothing, 'registration'],
    ['registration', '2025-08-03', nothing, null],
    ['registration', '2025-08-04', nothing, 'in_progress'],
    ['in_progress', '2025-08-10', { areDaysDone: true, isScored: false }, null],
    ['in_progress', '2025-08-11', nothing, null],
    ['in_progress', '2025-08-11', { areDaysDone: true, isScored: false }, 'scoring'],
    ['scoring', '2025-08-11', nothing, null],
    ['scoring', '2025-08-11', { areDaysDone: true, isScored: true }, 'completed'],
    ['completed', '2026-01-01', { areDaysDone: true, isScored: true }, null],
    ['cancelled', '2026-01-01', { areDaysDone: true, isScored: true }, null],
  ])('from %s on %s', (status, today, work, expected) => {
    expect(nextStatus({ status, ...dates }, today, work)).toBe(expected)
  })

  it('never skips a state and ends, whatever the day', () => {
    const seen: TournamentStatus[] = ['draft']
    for (let status: TournamentStatus | null = 'draft'; status !== null;) {
      status = nextStatus({ status, ...dates }, '2025-08-11', { areDaysDone: true, isScored: true })
      if (status !== null) seen.push(status)
    }
    expect(seen).toEqual(['draft', 'registration', 'in_progress', 'scoring', 'completed'])
  })
})
