import type { AlertCluster } from '../models/alert-cluster.ts'
import type { SnapshotKey } from '../models/day-key.ts'
import type { CallOptions } from './call-options.ts'
import type { KeyedRowsRepository } from './keyed-rows-repository.ts'

/** Alert clusters of a snapshot; natural order: cluster id by code unit. */
export interface AlertClusterRepository extends KeyedRowsRepository<AlertCluster, SnapshotKey> {
  /** The clusters with these ids (at most 10,000), in natural order; unknown ids are left out. */
  listByIds(
    params: Readonly<{ key: SnapshotKey; clusterIds: readonly string[] }>,
    options?: CallOptions,
  ): Promise<readonly AlertCluster[]>
}
