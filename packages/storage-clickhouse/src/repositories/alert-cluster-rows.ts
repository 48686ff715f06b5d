import { alertClusterSchema, severityNumbers, type AlertCluster } from '@subnetkit/core'

import { column } from '../codecs/column.ts'
import { rowCodec, type RowCodec } from '../codecs/row-codec.ts'
import type { PageKey } from '../query/read-page.ts'
import { snapshotKeyColumns } from './key-columns.ts'

/** `miner_raw_clusters`, ReplacingMergeTree keyed by cluster id. */
export const alertClusterRow: RowCodec<AlertCluster> = rowCodec({
  table: 'miner_raw_clusters',
  engine: 'ReplacingMergeTree',
  schema: alertClusterSchema,
  columns: {
    ...snapshotKeyColumns,
    clusterId: column.string(),
    clusterType: column.lowCardinality(),
    primaryAddress: column.string(),
    patternId: column.string(),
    primaryAlertId: column.string(),
    relatedAlertIds: column.array(column.string()),
    addressesInvolved: column.array(column.string()),
    totalAlerts: column.uint64Number(),
    totalVolumeUsd: column.decimal(76, 18),
    severityMax: column.enum8(severityNumbers),
    confidenceAvg: column.float64(),
    earliestAlertTimestamp: column.uint64Number(),
    latestAlertTimestamp: column.uint64Number(),
  },
})

/** Natural order within a key: cluster id. */
export const alertClusterOrder: readonly [PageKey<AlertCluster>] = [
  { field: 'clusterId', column: 'cluster_id', type: 'String', byCodeUnit: true },
]
