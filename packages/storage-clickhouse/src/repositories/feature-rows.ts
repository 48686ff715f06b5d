import { featureSchema, type Feature } from '@subnetkit/core'

import { column } from '../codecs/column.ts'
import { rowCodec, type RowCodec } from '../codecs/row-codec.ts'
import type { PageKey } from '../query/read-page.ts'
import { snapshotKeyColumns } from './key-columns.ts'

/** `miner_raw_features`, ReplacingMergeTree keyed by address and feature name. */
export const featureRow: RowCodec<Feature> = rowCodec({
  table: 'miner_raw_features',
  engine: 'ReplacingMergeTree',
  schema: featureSchema,
  columns: {
    ...snapshotKeyColumns,
    address: column.string(),
    featureName: column.lowCardinality(),
    featureValue: column.float64(),
    featureMetadata: column.string(),
  },
})

/** Natural order within a key: address, then feature name. */
export const featureOrder: readonly PageKey<Feature>[] = [
  { field: 'address', column: 'address', type: 'String' },
  { field: 'featureName', column: 'feature_name', type: 'String' },
]
