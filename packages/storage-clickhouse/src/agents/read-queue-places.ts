import { hotkeySchema, uuidSchema, type CallOptions, type QueuePlace } from '@subnetkit/core'
import { z } from 'zod'

import { column } from '../codecs/column.ts'
import { rowReader, type RowReader } from '../codecs/row-codec.ts'
import type { ClickHouseConnection } from '../connection.ts'
import { readAll } from '../query/read-rows.ts'
import { from } from '../query/table-name.ts'
import { checkParam } from '../repositories/check-param.ts'
import { evaluationRow } from '../repositories/evaluation-rows.ts'
import { signalOf } from '../repositories/key-condition.ts'

const placeReader: RowReader<QueuePlace> = rowReader({
  label: 'queue places',
  schema: z.strictObject({ validatorHotkey: hotkeySchema, place: z.int().min(-1).nullable() }),
  columns: { validatorHotkey: column.lowCardinality(), place: column.nullable(column.int64Number()) },
})

/**
 * The version's evaluations are one range; the queues of their validators are numbered once, by a window, and looked up.
 * What is not in a queue and neither runs nor is completed finds no number: that is its null.
 */
export async function readQueuePlaces(
  connection: ClickHouseConnection,
  { versionId }: Readonly<{ versionId: string }>,
  options: CallOptions | undefined,
): Promise<readonly QueuePlace[]> {
  checkParam('versionId', uuidSchema, versionId)
  const evaluations = from(connection, evaluationRow)
  return readAll(connection, placeReader, {
    sql: `SELECT validator_hotkey, multiIf(status = 'running', 0, status = 'completed', -1, toInt64(number))
FROM (
  SELECT evaluation_id, validator_hotkey, status, created_at FROM ${evaluations} WHERE version_id = {versionId:String}
) AS own
LEFT JOIN (
  SELECT evaluation_id, row_number() OVER (PARTITION BY validator_hotkey ORDER BY created_at, evaluation_id) AS number
  FROM ${evaluations}
  WHERE status = 'waiting'
    AND validator_hotkey IN (SELECT validator_hotkey FROM ${evaluations} WHERE version_id = {versionId:String})
) AS queues USING (evaluation_id)
ORDER BY created_at, evaluation_id`,
    params: { versionId },
    ...signalOf(options),
  })
}
