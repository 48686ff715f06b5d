import { instantSchema } from '@subnetkit/core'

import type { ClickHouseConnection } from '../connection.ts'
import { from } from '../query/table-name.ts'
import { checkParam } from '../repositories/check-param.ts'
import type { Condition } from '../repositories/key-condition.ts'
import { weightsSnapshotRow } from '../repositories/weights-snapshot-rows.ts'

/** Milliseconds of the window. */
export const WINDOW_MS = 86_400_000

const INSTANT = "DateTime64(3, 'UTC')"

/**
 * The snapshots that say something about the 24 hours before `now`: those in it, both ends included, and the newest one
 * before it. Without one before it the subquery gives the smallest pair there is, and nothing is left out.
 */
export function weightsWindow(connection: ClickHouseConnection, now: Date): Condition {
  checkParam('now', instantSchema, now)
  return {
    where: `timestamp <= {now:${INSTANT}} AND (timestamp, id) >= (
  SELECT max((timestamp, id)) FROM ${from(connection, weightsSnapshotRow)} WHERE timestamp < {from:${INSTANT}}
)`,
    params: { now, from: new Date(now.getTime() - WINDOW_MS) },
  }
}
