import type { BenchmarkEpoch, CallOptions } from '@subnetkit/core'

import type { BenchmarkDeps } from '../benchmark-deps.ts'
import type { ContestSettings } from '../contest-settings.ts'

/**
 * What an epoch's runs share: its tournament's settings, or those for epochs of their own.
 *
 * @throws StorageError `not_found` when its tournament is not there.
 */
export async function findContest(
  deps: Pick<BenchmarkDeps, 'repositories' | 'standalone'>,
  { tournamentId }: Pick<BenchmarkEpoch, 'tournamentId'>,
  options?: CallOptions,
): Promise<ContestSettings> {
  if (tournamentId === null) return deps.standalone
  return await deps.repositories.tournaments.get({ tournamentId }, options)
}
