import type { Repositories, Tournament, TournamentStatus } from '@subnetkit/core'
import { RequestRefusal } from '@subnetkit/core/http'

import { collectItems } from './collect-items.ts'

/** More unfinished tournaments than anybody runs; beyond them nothing is told. */
const MOST_UNFINISHED = 20_000
const unfinished: readonly TournamentStatus[] = ['draft', 'registration', 'in_progress', 'scoring']

/** What decides whether a world is a secret. */
export interface SecrecyDeps {
  readonly repositories: Pick<Repositories, 'tournaments'>
  /** SHA-256 of seeds that are in use outside of tournaments, lower-case hex. */
  readonly secretSeeds: ReadonlySet<string>
}

/**
 * Whether the worlds of a tournament may be shown: its seed, its planted patterns, which of them were missed, and
 * verdicts, which name them. Only once it is completed, and only while nothing else that goes on is made of the same
 * seed, a tournament or the epochs outside of tournaments: its worlds would be the same. Counts are told at any time: they help nobody to find anything. Whoever
 * shows less than this hides nothing of worth; whoever shows more gives the days to come away.
 */
export async function isWorldShown(
  { repositories: { tournaments }, secretSeeds }: SecrecyDeps,
  tournament: Pick<Tournament, 'status' | 'seedSha256'>,
  signal: AbortSignal,
): Promise<boolean> {
  if (tournament.status !== 'completed' || secretSeeds.has(tournament.seedSha256)) return false
  const open = await collectItems(MOST_UNFINISHED, (page) =>
    tournaments.list({ statuses: unfinished, ...page }, { signal }),
  )
  return open.isComplete && !open.items.some(({ seedSha256 }) => seedSha256 === tournament.seedSha256)
}

/** @throws RequestRefusal 409 `NOT_REVEALED` while the worlds of a tournament are a secret. */
export async function requireShownWorld(
  deps: SecrecyDeps,
  tournament: Pick<Tournament, 'status' | 'seedSha256'>,
  signal: AbortSignal,
): Promise<void> {
  if (await isWorldShown(deps, tournament, signal)) return
  throw new RequestRefusal({
    status: 409,
    code: 'NOT_REVEALED',
    message: `patterns and verdicts are told once the tournament is completed; it is ${tournament.status.replace('_', ' ')}`,
    hint: 'counts of every run are told already: see its day or its participant',
  })
}
