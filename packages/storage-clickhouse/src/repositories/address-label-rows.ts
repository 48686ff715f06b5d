import { addressLabelSchema, severityNumbers, type AddressLabel } from '@subnetkit/core'

import { column } from '../codecs/column.ts'
import { rowCodec, type RowCodec } from '../codecs/row-codec.ts'
import type { PageKey } from '../query/read-page.ts'
import { snapshotKeyColumns } from './key-columns.ts'

/** `miner_raw_address_labels`, ReplacingMergeTree keyed by address and label. */
export const addressLabelRow: RowCodec<AddressLabel> = rowCodec({
  table: 'miner_raw_address_labels',
  engine: 'ReplacingMergeTree',
  schema: addressLabelSchema,
  columns: {
    ...snapshotKeyColumns,
    address: column.string(),
    label: column.string(),
    addressType: column.lowCardinality(),
    addressSubtype: column.lowCardinality(),
    riskLevel: column.enum8(severityNumbers),
    trustLevel: column.lowCardinality(),
    source: column.lowCardinality(),
    confidenceScore: column.float64(),
  },
})

/** Natural order within a key: address, then label. */
export const addressLabelOrder: readonly PageKey<AddressLabel>[] = [
  { field: 'address', column: 'address', type: 'String' },
  { field: 'label', column: 'label', type: 'String', byCodeUnit: true },
]
