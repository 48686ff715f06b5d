import type { Tournament, UtcDate } from '@subnetkit/core'

import { addDays, daysBetween } from '../tournament/utc-days.ts'

/** The date on which a day of a tournament is run; the first is day 1. */
export function dateOfDay({ competitionStart }: Pick<Tournament, 'competitionStart'>, day: number): UtcDate {
  return addDays(competitionStart, day - 1)
}

/** Which day of a tournament a date is; below 1 before its start. */
export function dayOfDate({ competitionStart }: Pick<Tournament, 'competitionStart'>, date: string): number {
  return daysBetween(competitionStart, date) + 1
}

/** How many runs one participant has on one day. */
export function runsOfDay(tournament: Pick<Tournament, 'testNetworks' | 'testWindowDays'>): number {
  return tournament.testNetworks.length * tournament.testWindowDays.length
}
