import type { AlertCluster, AlertClusterRepository, SnapshotKey } from '@subnetkit/core'

import { alertClusterOrder, alertClusterRow } from './alert-cluster-rows.ts'
import { createKeyedRows, type RepositoryContext } from './keyed-rows.ts'
import { listByIds } from './list-by-ids.ts'

/** Alert clusters in `miner_raw_clusters`. */
export function createClickHouseAlertClusterRepository(context: RepositoryContext): AlertClusterRepository {
  return {
    ...createKeyedRows<AlertCluster, SnapshotKey>(context, {
      codec: alertClusterRow,
      order: alertClusterOrder,
    }),
    listByIds: async ({ key, clusterIds }, options) =>
      listByIds(
        context.connection,
        alertClusterRow,
        { key, ids: clusterIds, order: alertClusterOrder },
        options,
      ),
  }
}
