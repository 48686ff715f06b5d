import type { BenchmarkRun, CallOptions, Tournament, TournamentParticipant } from '@subnetkit/core'

import { allPages } from '../all-pages.ts'
import type { RecordDeps } from './contest-deps.ts'

/** All who ever registered for a tournament, in the order of registration, the baseline first. */
export async function findParticipants(
  { repositories }: Pick<RecordDeps, 'repositories'>,
  { tournamentId }: Pick<Tournament, 'tournamentId'>,
  options: CallOptions,
): Promise<readonly TournamentParticipant[]> {
  return await allPages((page) =>
    repositories.tournamentParticipants.list({ tournamentId, ...page }, options),
  )
}

/** All runs of a tournament as they stand, by hotkey. */
export async function findRunsByHotkey(
  { repositories }: Pick<RecordDeps, 'repositories'>,
  { tournamentId, imageType }: Pick<Tournament, 'tournamentId' | 'imageType'>,
  options: CallOptions,
): Promise<ReadonlyMap<string, readonly BenchmarkRun[]>> {
  const runs = await allPages((page) =>
    repositories.benchmarkRuns.list({ imageType, tournamentId, ...page }, options),
  )
  const byHotkey = new Map<string, BenchmarkRun[]>()
  for (const run of runs) byHotkey.set(run.hotkey, [...(byHotkey.get(run.hotkey) ?? []), run])
  return byHotkey
}
