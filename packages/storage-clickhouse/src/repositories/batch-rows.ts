import { batchSchema, batchStatusNumbers, type Batch } from '@subnetkit/core'

import { column } from '../codecs/column.ts'
import { rowCodec, type RowCodec } from '../codecs/row-codec.ts'
import { batchKeyColumns } from './key-columns.ts'

/** `miner_batch_metadata`, ReplacingMergeTree keyed by batch id and attempt; a state change is a newer version. */
export const batchRow: RowCodec<Batch> = rowCodec({
  table: 'miner_batch_metadata',
  engine: 'ReplacingMergeTree',
  schema: batchSchema,
  columns: {
    ...batchKeyColumns,
    attempt: column.uint64Number(),
    snapshotId: column.lowCardinality(),
    inputsHash: column.string(),
    resultsHash: column.nullable(column.string()),
    status: column.enum8(batchStatusNumbers),
    startedAt: column.dateTime64(),
    processedAt: column.dateTime64(),
    inputCountsAlerts: column.uint64Number(),
    inputCountsFeatures: column.uint64Number(),
    inputCountsClusters: column.uint64Number(),
    outputCountsAlertScores: column.uint64Number(),
    outputCountsAlertRankings: column.uint64Number(),
    outputCountsClusterScores: column.uint64Number(),
    latenciesMsAlertScoring: column.uint64Number(),
    latenciesMsAlertRanking: column.uint64Number(),
    latenciesMsClusterScoring: column.uint64Number(),
    latenciesMsTotal: column.uint64Number(),
    modelVersionsAlertScorer: column.lowCardinality(),
    modelVersionsAlertRanker: column.lowCardinality(),
    modelVersionsClusterScorer: column.lowCardinality(),
    errorMessage: column.string(),
  },
})
