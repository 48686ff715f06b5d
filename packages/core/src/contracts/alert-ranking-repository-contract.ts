import type { AlertRanking } from '../models/alert-ranking.ts'
import type { BatchKey } from '../models/day-key.ts'
import type { AlertRankingRepository } from '../repositories/alert-ranking-repository.ts'
import {
  keyedRowsRepositoryContract,
  type RepositoryContractOptions,
} from './keyed-rows-repository-contract.ts'
import { buildAlertRanking, buildBatchKey } from './miner-row-builders.ts'
import { nastyCounts, nastyIds } from './nasty-values.ts'

function nastyRankings(key: BatchKey): readonly AlertRanking[] {
  const byId = nastyIds.map((alertId, index) =>
    buildAlertRanking(key, index, { alertId, score: index / 1e9, modelVersion: `v "${index}"` }),
  )
  const ranks = nastyCounts.filter((rank) => rank > byId.length)
  return [...byId, ...ranks.map((rank) => buildAlertRanking(key, 0, { alertId: `rank ${rank}`, rank }))]
}

/** Everything that an implementation of {@link AlertRankingRepository} must hold, on a real engine. */
export function alertRankingRepositoryContract(
  options: RepositoryContractOptions<AlertRankingRepository>,
): void {
  keyedRowsRepositoryContract<AlertRanking, BatchKey>(
    {
      name: 'alert rankings',
      newKey: buildBatchKey,
      build: buildAlertRanking,
      change: (ranking) => ({ ...ranking, score: 0.25, modelVersion: 'model-2' }),
      nasty: nastyRankings,
    },
    options,
  )
}
