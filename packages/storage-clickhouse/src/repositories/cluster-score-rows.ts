import { clusterScoreSchema, type ClusterScore } from '@subnetkit/core'

import { column } from '../codecs/column.ts'
import { rowCodec, type RowCodec } from '../codecs/row-codec.ts'
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
