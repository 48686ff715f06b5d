import type {
  BenchmarkRun,
  JudgedPattern,
  Repositories,
  Tournament,
  TournamentParticipant,
} from '@subnetkit/core'

import { collectItems } from './collect-items.ts'
import { groupFamilies, type PatternFamily } from './pattern-families.ts'
import { getParticipant, getRun, type RunPlace } from './tournament-lookup.ts'
import { isWorldShown, type SecrecyDeps } from './world-secrecy.ts'

/** Reports that are read for the picture of a run; a report of guesses may have a million. */
const MOST_REPORTS = 20_000
/** Planted patterns of a dataset: 60 for 100,000 transfers, so 6,000 at most. */
const MOST_PLANTED = 10_000

/** What may be shown of a run's world once it is no secret any more. */
export interface ShownWorld {
  readonly families: readonly PatternFamily[]
  /** In the order of the report. */
  readonly reports: readonly JudgedPattern[]
  /** False when the report has more rows than were read: then wrong ones are counted among the first alone. */
  readonly isComplete: boolean
}

/** One run, whose it is, and its world once that may be shown. */
export interface RunStory {
  readonly tournament: Tournament
  readonly participant: TournamentParticipant
  readonly day: number
  readonly run: BenchmarkRun
  /** Whether its world may be shown: false before the tournament is completed. */
  readonly isShown: boolean
  /** Null while it must not be shown, and where risk scores were asked for. */
  readonly world: ShownWorld | null
}

/** What a run's story is read from. */
export interface RunStoryDeps extends SecrecyDeps {
  readonly repositories: Pick<
    Repositories,
    'benchmarkRuns' | 'minerOutputs' | 'tournamentParticipants' | 'tournaments'
  >
}

/** Reads it. @throws RequestRefusal 404 for a participant, day or run that there is not. */
export async function readRunStory(
  deps: RunStoryDeps,
  tournament: Tournament,
  place: RunPlace,
  signal: AbortSignal,
): Promise<RunStory> {
  const { repositories } = deps
  const key = { tournamentId: tournament.tournamentId, hotkey: place.hotkey }
  const [participant, run, isShown] = await Promise.all([
    getParticipant(repositories, key, signal),
    getRun(repositories, tournament, place, signal),
    isWorldShown(deps, tournament, signal),
  ])
  const mayRead = isShown && run.imageType === 'analytics' && run.outcome !== null
  const world = mayRead ? await readWorld(repositories, participant, run, signal) : null
  return { tournament, participant, day: place.day, run, isShown, world }
}

async function readWorld(
  { minerOutputs }: Pick<Repositories, 'minerOutputs'>,
  { minerDatabaseName }: TournamentParticipant,
  { runId }: BenchmarkRun,
  signal: AbortSignal,
): Promise<ShownWorld> {
  const key = { minerDatabase: minerDatabaseName, runId }
  const [planted, reports] = await Promise.all([
    collectItems(MOST_PLANTED, (page) => minerOutputs.listPlanted({ ...key, ...page }, { signal })),
    collectItems(MOST_REPORTS, (page) => minerOutputs.listPatterns({ ...key, ...page }, { signal })),
  ])
  return {
    families: groupFamilies(planted.items, reports.items),
    reports: reports.items,
    isComplete: reports.isComplete,
  }
}
