import { alertScoreSchema, type AlertScore } from '@subnetkit/core'

import { column } from '../codecs/column.ts'
import { rowCodec, type RowCodec } from '../codecs/row-codec.ts'
import type { PageKey } from '../query/read-page.ts'
import { batchKeyColumns } from './key-columns.ts'

/** `miner_alert_scores`, ReplacingMergeTree keyed by alert id. */
export const alertScoreRow: RowCodec<AlertScore> = rowCodec({
  table: 'miner_alert_scores',
  engine: 'ReplacingMergeTree',
  schema: alertScoreSchema,
  columns: {
    ...batchKeyColumns,
    alertId: column.string(),
    score: column.float64(),
    modelVersion: column.lowCardinality(),
    latencyMs: column.float64(),
    explainJson: column.string(),
    inputsHash: column.lowCardinality(),
  },
})

/** Natural order within a key: score descending, then alert id. */
export const alertScoreOrder: readonly PageKey<AlertScore>[] = [
  { field: 'score', column: 'score', type: 'Float64', direction: 'desc' },
  { field: 'alertId', column: 'alert_id', type: 'String', byCodeUnit: true },
]
