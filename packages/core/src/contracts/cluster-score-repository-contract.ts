import type { ClusterScore } from '../models/cluster-score.ts'
import type { BatchKey } from '../models/day-key.ts'
import type { ClusterScoreRepository } from '../repositories/cluster-score-repository.ts'
import {
  keyedRowsRepositoryContract,
  type RepositoryContractOptions,
} from './keyed-rows-repository-contract.ts'
import { buildBatchKey, buildClusterScore } from './miner-row-builders.ts'
import { nastyIds, nastyTexts } from './nasty-values.ts'

function nastyScores(key: BatchKey): readonly ClusterScore[] {
  const tied = nastyIds.map((clusterId, index) =>
    buildClusterScore(key, index, { clusterId, score: 0.123456789, explainJson: nastyTexts[index] ?? '' }),
  )
  return [
    buildClusterScore(key, 0, { clusterId: 'one', score: 1 }),
    ...tied,
    buildClusterScore(key, 0, { clusterId: 'zero', score: 0 }),
  ]
}

/** Everything that an implementation of {@link ClusterScoreRepository} must hold, on a real engine. */
export function clusterScoreRepositoryContract(
  options: RepositoryContractOptions<ClusterScoreRepository>,
): void {
  keyedRowsRepositoryContract<ClusterScore, BatchKey>(
    {
      name: 'cluster scores',
      newKey: buildBatchKey,
      build: buildClusterScore,
      change: (score) => ({ ...score, modelVersion: 'model-2' }),
      nasty: nastyScores,
    },
    options,
  )
}
