import type { BatchKey, CallOptions, DayKey, SnapshotKey } from '@subnetkit/core'

import type { QueryParams } from '../query-params.ts'

/** A condition on rows, with its values beside it. */
export interface Condition {
  readonly where: string
  readonly params: QueryParams
}

const DAY =
  'network = {network:String} AND processing_date = {processingDate:Date} AND window_days = {windowDays:UInt16}'

/** The rows of one day, of all versions. */
export function dayCondition({ network, processingDate, windowDays }: DayKey): Condition {
  return { where: DAY, params: { network, processingDate, windowDays } }
}

/** The rows of one snapshot or batch: the version id stands in the column that the key names. */
export function keyCondition(key: SnapshotKey | BatchKey): Condition {
  const { where, params } = dayCondition(key)
  return 'snapshotId' in key
    ? {
        where: `${where} AND snapshot_id = {snapshotId:String}`,
        params: { ...params, snapshotId: key.snapshotId },
      }
    : { where: `${where} AND batch_id = {batchId:String}`, params: { ...params, batchId: key.batchId } }
}

/** The signal of a call, in the form that `exactOptionalPropertyTypes` accepts. */
export function signalOf(options: CallOptions | undefined): CallOptions {
  return options?.signal === undefined ? {} : { signal: options.signal }
}

/** Month and network follow from the key, so rows with one key never stand in two partitions: FINAL need not compare them. */
export const FINAL_SETTINGS = { do_not_merge_across_partitions_select_final: 1 } as const
