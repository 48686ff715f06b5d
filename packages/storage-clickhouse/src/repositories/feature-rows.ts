import { featureSchema, type Feature } from '@subnetkit/core'

import { column } from '../codecs/column.ts'
import { rowCodec, type RowCodec } from '../codecs/row-codec.ts'
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
