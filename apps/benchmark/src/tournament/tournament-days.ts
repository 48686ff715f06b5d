import type { Tournament, UtcDate } from '@subnetkit/core'

import { daysBetween, daysFrom } from './utc-days.ts'

type Competition = Pick<Tournament, 'competitionStart' | 'competitionEnd'>

/** All days of the competition, in order. */
export function competitionDays({ competitionStart, competitionEnd }: Competition): readonly UtcDate[] {
  return daysFrom(competitionStart, competitionEnd)
}

/** A day's number, from 1; null for a day outside of the competition. */
export function dayNumberOf(competition: Competition, date: string): number | null {
  const number = daysBetween(competition.competitionStart, date) + 1
  return number >= 1 && number <= competitionDays(competition).length ? number : null
}
