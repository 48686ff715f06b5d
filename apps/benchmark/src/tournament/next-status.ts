import type { Tournament, TournamentStatus } from '@subnetkit/core'

/** What the state of a tournament follows from: its dates, and what was done. */
export type TournamentDates = Pick<
  Tournament,
  'status' | 'registrationStart' | 'registrationEnd' | 'competitionEnd'
>

/** What is known of a tournament's work. */
export interface TournamentWork {
  /** Every run of every day is final. */
  readonly areDaysDone: boolean
  /** Results of all participants are stored. */
  readonly isScored: boolean
}

/**
 * The state that follows now, one step at a time; null when it stays as it is. Registration opens on its first day, the
 * competition begins the day after its last, scoring the day after the competition — and only when all days are done, so
 * that a machine that slept does not cost a miner its runs.
 */
export function nextStatus(
  { status, registrationStart, registrationEnd, competitionEnd }: TournamentDates,
  today: string,
  work: TournamentWork,
): TournamentStatus | null {
  switch (status) {
    case 'draft':
      return today >= registrationStart ? 'registration' : null
    case 'registration':
      return today > registrationEnd ? 'in_progress' : null
    case 'in_progress':
      return today > competitionEnd && work.areDaysDone ? 'scoring' : null
    case 'scoring':
      return work.isScored ? 'completed' : null
    case 'completed':
    case 'cancelled':
      return null
    default:
      return status satisfies never
  }
}
