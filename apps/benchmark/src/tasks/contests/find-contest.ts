import { type BenchmarkEpoch, type CallOptions, InputError } from '@subnetkit/core'

import type { BenchmarkDeps } from '../../benchmark-deps.ts'
import type { ContestSettings } from '../../contest-settings.ts'
import { wasCancelled } from './set-tournament-status.ts'

/**
 * What an epoch's runs share: its tournament's settings, or those for epochs of their own.
 *
 * @throws StorageError `not_found` when its tournament is not there; InputError when epochs of their own have no
 * seed, or the tournament was cancelled.
 */
export async function findContest(
  deps: Pick<BenchmarkDeps, 'repositories' | 'standalone'>,
  { tournamentId }: Pick<BenchmarkEpoch, 'tournamentId'>,
  options?: CallOptions,
): Promise<ContestSettings> {
  if (tournamentId === null) {
    if (deps.standalone.datasetSeed !== '') return deps.standalone
    throw new InputError({
      field: 'BENCHMARK_DATASET_SEED',
      problem:
        'is not set, and machines that share a Redis need the same worlds for epochs outside of tournaments',
      hint: 'set the same long random text on all of them, and tell it to nobody else',
    })
  }
  const tournament = await deps.repositories.tournaments.get({ tournamentId }, options)
  if (tournament.status === 'cancelled') throw wasCancelled(tournament)
  return tournament
}
