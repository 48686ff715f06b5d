import type { CallOptions, WeightsSnapshot } from '@subnetkit/core'

import type { ClickHouseConnection } from '../connection.ts'
import { readAll } from '../query/read-rows.ts'
import { signalOf } from '../repositories/key-condition.ts'
import { weightsSnapshotRow } from '../repositories/weights-snapshot-rows.ts'
import { weightsWindow } from './weights-window.ts'

/** A range of the table, which is kept in this order. */
export async function readWeightsHistory(
  connection: ClickHouseConnection,
  { now }: Readonly<{ now: Date }>,
  options: CallOptions | undefined,
): Promise<readonly WeightsSnapshot[]> {
  const { where, params } = weightsWindow(connection, now)
  const sql = `SELECT {columns} FROM {table} WHERE ${where} ORDER BY timestamp, id`
  return readAll(connection, weightsSnapshotRow, { sql, params, ...signalOf(options) })
}
