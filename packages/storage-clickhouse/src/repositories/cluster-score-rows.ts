import { clusterScoreSchema, type ClusterScore } from '@subnetkit/core'

import { column } from '../codecs/column.ts'
import { rowCodec, type RowCodec } from '../codecs/row-codec.ts'
import type { PageKey } from '../query/read-page.ts'
import { batchKeyColumns } from './key-columns.ts'

/** `miner_cluster_scores`, ReplacingMergeTree keyed by cluster id. */
export const clusterScoreRow: RowCodec<ClusterScore> = rowCodec({
  table: 'miner_cluster_scores',
  engine: 'ReplacingMergeTree',
  schema: clusterScoreSchema,
  columns: {
    ...batchKeyColumns,
    clusterId: column.string(),
    score: column.float64(),
    modelVersion: column.lowCardinality(),
    explainJson: column.string(),
    inputsHash: column.lowCardinality(),
  },
})

/** Natural order within a key: score descending, then cluster id. */
export const clusterScoreOrder: readonly PageKey<ClusterScore>[] = [
  { field: 'score', column: 'score', type: 'Float64', direction: 'desc' },
  { field: 'clusterId', column: 'cluster_id', type: 'String', byCodeUnit: true },
]
