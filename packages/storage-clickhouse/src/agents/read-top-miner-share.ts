import { hotkeySchema, type CallOptions } from '@subnetkit/core'
import { z } from 'zod'

import { column } from '../codecs/column.ts'
import { rowReader } from '../codecs/row-codec.ts'
import type { ClickHouseConnection } from '../connection.ts'
import { readOne } from '../query/read-rows.ts'
import { from } from '../query/table-name.ts'
import { checkParam } from '../repositories/check-param.ts'
import { signalOf } from '../repositories/key-condition.ts'
import { weightsSnapshotRow } from '../repositories/weights-snapshot-rows.ts'
import { WINDOW_MS, weightsWindow } from './weights-window.ts'

const heldReader = rowReader({
  label: 'time as top miner',
  schema: z.strictObject({ heldMs: z.int().min(0).max(WINDOW_MS) }),
  columns: { heldMs: column.int64Number() },
})

/**
 * Each snapshot of the window holds until the next one; a window function gives it that one's time, or `now`. Whole
 * milliseconds are summed, so the order of summing does not show. The top is the first of the weights above 0, sorted
 * by weight, then by hotkey.
 */
export async function readTopMinerShare(
  connection: ClickHouseConnection,
  { minerHotkey, now }: Readonly<{ minerHotkey: string; now: Date }>,
  options: CallOptions | undefined,
): Promise<number> {
  checkParam('minerHotkey', hotkeySchema, minerHotkey)
  const { where, params } = weightsWindow(connection, now)
  const found = await readOne(connection, heldReader, {
    sql: `SELECT sumIf(until - since, top = {minerHotkey:String})
FROM (
  SELECT
    arraySort(entry -> (-entry.2, entry.1), arrayFilter(entry -> entry.2 > 0, miner_weights))[1].1 AS top,
    toUnixTimestamp64Milli(greatest(timestamp, {from:DateTime64(3, 'UTC')})) AS since,
    toUnixTimestamp64Milli(leadInFrame(timestamp, 1, {now:DateTime64(3, 'UTC')}) OVER (ORDER BY timestamp, id ROWS BETWEEN CURRENT ROW AND 1 FOLLOWING)) AS until
  FROM ${from(connection, weightsSnapshotRow)} WHERE ${where}
)`,
    params: { ...params, minerHotkey },
    ...signalOf(options),
  })
  return (found?.heldMs ?? 0) / WINDOW_MS
}
