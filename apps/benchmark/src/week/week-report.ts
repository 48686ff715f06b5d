import type {
  BenchmarkRun,
  ParticipantStatus,
  Tournament,
  TournamentParticipant,
  TournamentResult,
} from '@subnetkit/core'

import { explainNothing, totalsOf } from '../tournament/explain-result.ts'
import { competitionDays } from '../tournament/tournament-days.ts'

/** One line of a week's table. */
export interface WeekRow {
  /** Null for who could not register. */
  readonly rank: number | null
  readonly name: string
  readonly hotkey: string
  readonly commit: string | null
  readonly participantType: 'miner' | 'baseline'
  readonly status: ParticipantStatus | 'not registered'
  readonly finalScore: number
  /** Runs that completed, of those that should have been. */
  readonly runsCompleted: number
  readonly runsExpected: number
  readonly found: number
  readonly planted: number
  readonly reported: number
  /** Why it earned nothing, for its miner; null where it earned something. */
  readonly reason: string | null
}

/** What a week came to. */
export interface WeekReport {
  readonly tournamentId: string
  readonly name: string
  readonly imageType: Tournament['imageType']
  readonly sandbox: string
  readonly sandboxDescription: string
  readonly rows: readonly WeekRow[]
  readonly winnerHotkey: string | null
  readonly isBaselineBeaten: boolean
  /** Known to everybody now that it is over: with it anybody can make the worlds again. */
  readonly datasetSeed: string
  readonly seedSha256: string
  /** What became of `--promote`; null without it. */
  readonly promotion: string | null
  /** What was there before this call. */
  readonly found: Readonly<{
    isTournamentNew: boolean
    participants: number
    days: readonly string[]
    runs: number
  }>
}

/** A miner that the list names but that could not register. */
export interface UnregisteredMiner {
  readonly name: string
  readonly hotkey: string
  readonly reason: string
}

/** Puts the table together: by rank, those who could not register at the end. */
export function weekRows(
  tournament: Tournament,
  week: Readonly<{
    participants: readonly TournamentParticipant[]
    results: readonly TournamentResult[]
    runs: ReadonlyMap<string, readonly BenchmarkRun[]>
    names: ReadonlyMap<string, string>
    unregistered: readonly UnregisteredMiner[]
  }>,
): readonly WeekRow[] {
  const { testNetworks, testWindowDays } = tournament
  const runsExpected = competitionDays(tournament).length * testNetworks.length * testWindowDays.length
  const ranked = week.results.flatMap((result) =>
    week.participants
      .filter(({ hotkey }) => hotkey === result.hotkey)
      .map((participant) => rowOf(participant, result, week, runsExpected)),
  )
  const others = week.unregistered.map(({ name, hotkey, reason }) => ({
    rank: null,
    name,
    hotkey,
    commit: null,
    participantType: 'miner' as const,
    status: 'not registered' as const,
    finalScore: 0,
    runsCompleted: 0,
    runsExpected,
    found: 0,
    planted: 0,
    reported: 0,
    reason,
  }))
  return [...ranked, ...others]
}

function rowOf(
  { hotkey, commit, participantType, status }: TournamentParticipant,
  { rank, finalScore, disqualification }: TournamentResult,
  {
    runs,
    names,
  }: Readonly<{
    runs: ReadonlyMap<string, readonly BenchmarkRun[]>
    names: ReadonlyMap<string, string>
  }>,
  runsExpected: number,
): WeekRow {
  const own = runs.get(hotkey) ?? []
  const { found, expected: planted, reported } = totalsOf(own)
  return {
    rank,
    name: names.get(hotkey) ?? hotkey,
    hotkey,
    commit,
    participantType,
    status,
    finalScore,
    runsCompleted: own.filter((run) => run.status === 'completed').length,
    runsExpected,
    found,
    planted,
    reported,
    reason: finalScore > 0 ? null : explainNothing(disqualification, own, runsExpected),
  }
}
