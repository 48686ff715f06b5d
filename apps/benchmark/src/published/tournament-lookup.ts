import type {
  BenchmarkRun,
  Repositories,
  Tournament,
  TournamentParticipant,
  TournamentResult,
} from '@subnetkit/core'
import { RequestRefusal } from '@subnetkit/core/http'

import { collectItems } from './collect-items.ts'
import { dateOfDay } from './contest-days.ts'

/** All who ever registered, withdrawn ones among them; more than any tournament can have. */
const MOST_PARTICIPANTS = 65_536
/** All runs of one participant, or of one day: 255 days × 256 runs, 1,001 participants × 256 runs. */
const MOST_RUNS = 300_000

/** What is read of tournaments. */
export type TournamentStores = Pick<
  Repositories,
  'benchmarkRuns' | 'tournamentParticipants' | 'tournamentResults' | 'tournaments'
>

/** @throws RequestRefusal 404 `TOURNAMENT_NOT_FOUND` */
export async function getTournament(
  { tournaments }: Pick<Repositories, 'tournaments'>,
  tournamentId: string,
  signal: AbortSignal,
): Promise<Tournament> {
  const found = await tournaments.find({ tournamentId }, { signal })
  if (found !== null) return found
  throw new RequestRefusal({
    status: 404,
    code: 'TOURNAMENT_NOT_FOUND',
    message: `there is no tournament ${tournamentId}`,
    hint: 'GET /api/v1/tournaments lists them',
  })
}

/** @throws RequestRefusal 404 `MINER_NOT_FOUND` for a hotkey that never took part. */
export async function getParticipant(
  { tournamentParticipants }: Pick<Repositories, 'tournamentParticipants'>,
  key: Readonly<{ tournamentId: string; hotkey: string }>,
  signal: AbortSignal,
): Promise<TournamentParticipant> {
  const found = await tournamentParticipants.find(key, { signal })
  if (found !== null) return found
  throw new RequestRefusal({
    status: 404,
    code: 'MINER_NOT_FOUND',
    message: `${key.hotkey} takes no part in tournament ${key.tournamentId}`,
    hint: `GET /api/v1/tournaments/${key.tournamentId} says how many do`,
  })
}

/** Everybody who takes part, by order of registration; those who withdrew are left out. */
export async function listParticipants(
  { tournamentParticipants }: Pick<Repositories, 'tournamentParticipants'>,
  tournamentId: string,
  signal: AbortSignal,
): Promise<readonly TournamentParticipant[]> {
  const { items } = await collectItems(MOST_PARTICIPANTS, (page) =>
    tournamentParticipants.list({ tournamentId, ...page }, { signal }),
  )
  return items.filter(({ status }) => status !== 'withdrawn')
}

/** Results by rank; none before the tournament was scored. */
export async function listResults(
  { tournamentResults }: Pick<Repositories, 'tournamentResults'>,
  tournamentId: string,
  signal: AbortSignal,
): Promise<readonly TournamentResult[]> {
  const { items } = await collectItems(MOST_PARTICIPANTS, (page) =>
    tournamentResults.list({ tournamentId, ...page }, { signal }),
  )
  return items
}

/** Runs of a tournament: of one day, of one participant, or both. */
export async function listRuns(
  { benchmarkRuns }: Pick<Repositories, 'benchmarkRuns'>,
  tournament: Pick<Tournament, 'tournamentId' | 'imageType'>,
  of: Readonly<{ testDate?: string; hotkey?: string }>,
  signal: AbortSignal,
): Promise<readonly BenchmarkRun[]> {
  const { imageType, tournamentId } = tournament
  const { items } = await collectItems(MOST_RUNS, (page) =>
    benchmarkRuns.list({ imageType, tournamentId, ...of, ...page }, { signal }),
  )
  return items
}

/** Which run of a participant. */
export interface RunPlace {
  readonly hotkey: string
  readonly day: number
  readonly network: string
  readonly windowDays: number
}

/** @throws RequestRefusal 404 `RUN_NOT_FOUND`; the message lists what there is on that day. */
export async function getRun(
  stores: Pick<Repositories, 'benchmarkRuns'>,
  tournament: Tournament,
  place: RunPlace,
  signal: AbortSignal,
): Promise<BenchmarkRun> {
  const testDate = getTestDate(tournament, place.day)
  const runs = await listRuns(stores, tournament, { testDate, hotkey: place.hotkey }, signal)
  const found = runs.find(
    ({ network, windowDays }) => network === place.network && windowDays === place.windowDays,
  )
  if (found !== undefined) return found
  const known = runs.map(({ network, windowDays }) => `${network} ${windowDays}`)
  throw new RequestRefusal({
    status: 404,
    code: 'RUN_NOT_FOUND',
    message: `${place.hotkey} has no run on day ${place.day} over ${place.windowDays} days of ${place.network}`,
    hint: known.length === 0 ? 'no run of that day was made yet' : `there are ${known.join(', ')}`,
  })
}

/** The date of a day. @throws RequestRefusal 404 `DAY_NOT_FOUND` for a day that the tournament does not have. */
export function getTestDate(tournament: Tournament, day: number): string {
  if (day >= 1 && day <= tournament.epochDays) return dateOfDay(tournament, day)
  throw new RequestRefusal({
    status: 404,
    code: 'DAY_NOT_FOUND',
    message: `the tournament has no day ${day}`,
    hint: `its days are 1 to ${tournament.epochDays}`,
  })
}
