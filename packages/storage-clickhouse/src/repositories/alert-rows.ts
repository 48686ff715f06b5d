import { alertSchema, severityNumbers, type Alert } from '@subnetkit/core'

import { column } from '../codecs/column.ts'
import { rowCodec, type RowCodec } from '../codecs/row-codec.ts'
import type { PageKey } from '../query/read-page.ts'
import { snapshotKeyColumns } from './key-columns.ts'

/** `miner_raw_alerts`, ReplacingMergeTree keyed by alert id. */
export const alertRow: RowCodec<Alert> = rowCodec({
  table: 'miner_raw_alerts',
  engine: 'ReplacingMergeTree',
  schema: alertSchema,
  columns: {
    ...snapshotKeyColumns,
    alertId: column.string(),
    address: column.string(),
    typologyType: column.lowCardinality(),
    patternId: column.string(),
    patternType: column.lowCardinality(),
    severity: column.enum8(severityNumbers),
    suspectedAddressType: column.lowCardinality(),
    suspectedAddressSubtype: column.lowCardinality(),
    alertConfidenceScore: column.float64(),
    description: column.string(),
    volumeUsd: column.decimal(76, 18),
    evidenceJson: column.string(),
    riskIndicators: column.array(column.string()),
  },
})

/** Natural order within a key: alert id. */
export const alertOrder: readonly [PageKey<Alert>] = [
  { field: 'alertId', column: 'alert_id', type: 'String', byCodeUnit: true },
]
