import { alertRankingSchema, type AlertRanking } from '@subnetkit/core'

import { column } from '../codecs/column.ts'
import { rowCodec, type RowCodec } from '../codecs/row-codec.ts'
import type { PageKey } from '../query/read-page.ts'
import { batchKeyColumns } from './key-columns.ts'

/** `miner_alert_rankings`, ReplacingMergeTree keyed by alert id: an alert has one place. */
export const alertRankingRow: RowCodec<AlertRanking> = rowCodec({
  table: 'miner_alert_rankings',
  engine: 'ReplacingMergeTree',
  schema: alertRankingSchema,
  columns: {
    ...batchKeyColumns,
    alertId: column.string(),
    rank: column.uint64Number(),
    score: column.float64(),
    modelVersion: column.lowCardinality(),
    inputsHash: column.lowCardinality(),
  },
})

/** Natural order within a key: rank. */
export const alertRankingOrder: readonly PageKey<AlertRanking>[] = [
  { field: 'rank', column: 'rank', type: 'UInt64' },
  { field: 'alertId', column: 'alert_id', type: 'String', byCodeUnit: true },
]
