import type { BenchmarkRun, Tournament, TournamentParticipant, TournamentResult } from '@subnetkit/core'

import { dayOfDate, runsOfDay } from './contest-days.ts'
import { groupBy } from './group-by.ts'
import { dayScoreOf } from './run-standing.ts'
import { getParticipant, listRuns, type TournamentStores } from './tournament-lookup.ts'

/** One day of a participant, with every network and window by itself. */
export interface HistoryDay {
  readonly dayNumber: number
  readonly testDate: string
  readonly runs: readonly BenchmarkRun[]
  /** Runs that the day should have. */
  readonly expectedRuns: number
  /** See {@link dayScoreOf}. */
  readonly dayScore: number | null
}

/** A participant's way through a tournament. */
export interface ParticipantHistory {
  readonly tournament: Tournament
  readonly participant: TournamentParticipant
  readonly result: TournamentResult | null
  /** By date; only days that have runs. */
  readonly days: readonly HistoryDay[]
}

/** Reads it. @throws RequestRefusal 404 `MINER_NOT_FOUND` */
export async function readParticipantHistory(
  stores: TournamentStores,
  tournament: Tournament,
  hotkey: string,
  signal: AbortSignal,
): Promise<ParticipantHistory> {
  const { tournamentId } = tournament
  const [participant, result, runs] = await Promise.all([
    getParticipant(stores, { tournamentId, hotkey }, signal),
    stores.tournamentResults.find({ tournamentId, hotkey }, { signal }),
    listRuns(stores, tournament, { hotkey }, signal),
  ])
  const expectedRuns = runsOfDay(tournament)
  const days = [...groupBy(runs, ({ testDate }) => testDate)].map(([testDate, own]) => ({
    dayNumber: dayOfDate(tournament, testDate),
    testDate,
    runs: own,
    expectedRuns,
    dayScore: dayScoreOf(own, expectedRuns),
  }))
  return { tournament, participant, result, days }
}
