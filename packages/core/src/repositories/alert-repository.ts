import type { Alert } from '../models/alert.ts'
import type { SnapshotKey } from '../models/day-key.ts'
import type { CallOptions } from './call-options.ts'
import type { KeyedRowsRepository } from './keyed-rows-repository.ts'

/** Which alerts of a snapshot are wanted; at most 10,000 ids. */
export type FindAlertsParams = Readonly<{ key: SnapshotKey; alertIds: readonly string[] }>

/** Alerts of a snapshot; natural order: alert id by code unit. */
export interface AlertRepository extends KeyedRowsRepository<Alert, SnapshotKey> {
  /** The alert, or null. */
  find(params: Readonly<{ key: SnapshotKey; alertId: string }>, options?: CallOptions): Promise<Alert | null>
  /** The alerts with these ids, in natural order; unknown ids are left out. */
  listByIds(params: FindAlertsParams, options?: CallOptions): Promise<readonly Alert[]>
}
