import type { AlertCluster, AlertClusterRepository, SnapshotKey } from '@subnetkit/core'

import { alertClusterRow } from './alert-cluster-rows.ts'
import { createKeyedRows, type RepositoryContext } from './keyed-rows.ts'
import { listByIds } from './list-by-ids.ts'

const order = [{ field: 'clusterId', column: 'cluster_id', type: 'String', byCodeUnit: true }] as const

/** Alert clusters in `miner_raw_clusters`. */
export function createClickHouseAlertClusterRepository(context: RepositoryContext): AlertClusterRepository {
  return {
    ...createKeyedRows<AlertCluster, SnapshotKey>(context, { codec: alertClusterRow, order }),
    listByIds: async ({ key, clusterIds }, options) =>
      listByIds(context.connection, alertClusterRow, { key, ids: clusterIds, order }, options),
  }
}
