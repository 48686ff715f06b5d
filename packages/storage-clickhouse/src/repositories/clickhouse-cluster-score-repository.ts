import type { ClusterScore, ClusterScoreRepository, BatchKey } from '@subnetkit/core'

import { clusterScoreOrder, clusterScoreRow } from './cluster-score-rows.ts'
import { createKeyedRows, type RepositoryContext } from './keyed-rows.ts'

/** Cluster scores in `miner_cluster_scores`. */
export function createClickHouseClusterScoreRepository(context: RepositoryContext): ClusterScoreRepository {
  return createKeyedRows<ClusterScore, BatchKey>(context, {
    codec: clusterScoreRow,
    order: clusterScoreOrder,
  })
}
