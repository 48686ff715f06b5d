import { weightsSnapshotSchema, type WeightsSnapshot } from '@subnetkit/core'

import { column } from '../codecs/column.ts'
import { rowCodec, type RowCodec } from '../codecs/row-codec.ts'

/** `weights_history`, ReplacingMergeTree keyed by time and id. */
export const weightsSnapshotRow: RowCodec<WeightsSnapshot> = rowCodec({
  table: 'weights_history',
  engine: 'ReplacingMergeTree',
  schema: weightsSnapshotSchema,
  columns: {
    id: column.string(),
    timestamp: column.dateTime64(),
    timeSinceLastUpdateSeconds: column.nullable(column.float64()),
    minerWeights: column.array(column.tuple({ minerHotkey: column.string(), weight: column.float64() })),
  },
})
