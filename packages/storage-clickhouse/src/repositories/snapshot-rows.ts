import { snapshotSchema, type Snapshot } from '@subnetkit/core'

import { column } from '../codecs/column.ts'
import { rowCodec, type RowCodec } from '../codecs/row-codec.ts'
import { snapshotKeyColumns } from './key-columns.ts'

/** `miner_snapshots`, ReplacingMergeTree keyed by snapshot id; a state change is a newer version. */
export const snapshotRow: RowCodec<Snapshot> = rowCodec({
  table: 'miner_snapshots',
  engine: 'ReplacingMergeTree',
  schema: snapshotSchema,
  columns: {
    ...snapshotKeyColumns,
    kind: column.enum8({ published: 1, transfers: 2, detected: 3 }),
    status: column.enum8({ LOADING: 1, READY: 2, FAILED: 3 }),
    source: column.string(),
    sourceSnapshotId: column.nullable(column.string()),
    producerVersion: column.lowCardinality(),
    inputsHash: column.nullable(column.string()),
    countAlerts: column.uint64Number(),
    countFeatures: column.uint64Number(),
    countClusters: column.uint64Number(),
    countMoneyFlows: column.uint64Number(),
    countAddressLabels: column.uint64Number(),
    countTransfers: column.uint64Number(),
    errorMessage: column.string(),
    updatedAt: column.dateTime64(),
  },
})
