import type { BenchmarkRun, Tournament, TournamentParticipant } from '@subnetkit/core'

import { groupBy } from './group-by.ts'
import { getTestDate, listParticipants, listRuns, type TournamentStores } from './tournament-lookup.ts'
import { recallOf, standingOf } from './run-standing.ts'

/** A miner's run beside the baseline's on the same world; each is miner over baseline, 0 where the baseline has 0. */
export interface BaselineComparison {
  readonly recall: number
  readonly executionTime: number
}

/** A run, and how it compares. */
export interface DayRun {
  readonly run: BenchmarkRun
  /** Null for the baseline itself, and where it has no final run of the same network and window. */
  readonly comparison: BaselineComparison | null
}

/** What a day came to for one participant: the worst of its runs decides. */
export type DayStatus = 'disqualified' | 'failed' | 'running' | 'completed'

/** One participant's day. */
export interface DayEntry {
  readonly participant: TournamentParticipant
  readonly status: DayStatus
  readonly runs: readonly DayRun[]
}

/** One day of a tournament. */
export interface TournamentDay {
  readonly tournament: Tournament
  readonly dayNumber: number
  readonly testDate: string
  /** By order of registration; only who has a run on that day. */
  readonly entries: readonly DayEntry[]
}

/** Reads a day with two questions, however many take part. @throws RequestRefusal 404 for a day that there is not. */
export async function readTournamentDay(
  stores: TournamentStores,
  tournament: Tournament,
  dayNumber: number,
  signal: AbortSignal,
): Promise<TournamentDay> {
  const testDate = getTestDate(tournament, dayNumber)
  const [participants, runs] = await Promise.all([
    listParticipants(stores, tournament.tournamentId, signal),
    listRuns(stores, tournament, { testDate }, signal),
  ])
  const byHotkey = groupBy(runs, ({ hotkey }) => hotkey)
  const baselines = new Map(
    runs
      .filter(({ participantType }) => participantType === 'baseline')
      .map((run) => [worldOf(run), run] as const),
  )
  const entries = participants.flatMap((participant): readonly DayEntry[] => {
    const own = byHotkey.get(participant.hotkey) ?? []
    if (own.length === 0) return []
    return [
      {
        participant,
        status: dayStatus(own),
        runs: own.map((run) => ({ run, comparison: compare(run, baselines.get(worldOf(run))) })),
      },
    ]
  })
  return { tournament, dayNumber, testDate, entries }
}

/** The status of a day; {@link DayStatus} says how. */
function dayStatus(runs: readonly BenchmarkRun[]): DayStatus {
  const standings = new Set(runs.map(standingOf))
  if (standings.has('disqualified')) return 'disqualified'
  if (standings.has('failed') || standings.has('timeout') || standings.has('refused')) return 'failed'
  return standings.has('open') ? 'running' : 'completed'
}

function worldOf({ network, windowDays }: BenchmarkRun): string {
  return `${network} ${windowDays}`
}

function compare(run: BenchmarkRun, baseline: BenchmarkRun | undefined): BaselineComparison | null {
  if (run.participantType === 'baseline' || baseline === undefined) return null
  const [own, theirs] = [recallOf(run), recallOf(baseline)]
  if (own === null || theirs === null) return null
  return {
    recall: ratio(own, theirs),
    executionTime: ratio(run.executionMs ?? 0, baseline.executionMs ?? 0),
  }
}

function ratio(value: number, over: number): number {
  return over === 0 ? 0 : value / over
}
