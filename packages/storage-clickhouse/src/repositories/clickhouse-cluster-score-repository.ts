import type { ClusterScore, ClusterScoreRepository, BatchKey } from '@subnetkit/core'

import { clusterScoreRow } from './cluster-score-rows.ts'
import { createKeyedRows, type RepositoryContext } from './keyed-rows.ts'

/** Cluster scores in `miner_cluster_scores`. */
export function createClickHouseClusterScoreRepository(context: RepositoryContext): ClusterScoreRepository {
  return createKeyedRows<ClusterScore, BatchKey>(context, {
    codec: clusterScoreRow,
    order: [
      { field: 'score', column: 'score', type: 'Float64', direction: 'desc' },
      { field: 'clusterId', column: 'cluster_id', type: 'String', byCodeUnit: true },
    ],
  })
}
