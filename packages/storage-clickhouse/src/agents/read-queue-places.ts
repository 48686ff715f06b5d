import { hotkeySchema, uuidSchema, type CallOptions, type QueuePlace } from '@subnetkit/core'
import { z } from 'zod'

import { column } from '../codecs/column.ts'
import { rowReader, type RowReader } from '../codecs/row-codec.ts'
import type { ClickHouseConnection } from '../connection.ts'
import { readAll } from '../query/read-rows.ts'
import { from } from '../query/table-name.ts'
import { checkParam } from '../repositories/check-param.ts'
import { evaluationQueueRow } from '../repositories/evaluation-queue-rows.ts'
import { evaluationRow } from '../repositories/evaluation-rows.ts'
import { signalOf } from '../repositories/key-condition.ts'

const placeReader: RowReader<QueuePlace> = rowReader({
  label: 'queue places',
  schema: z.strictObject({ validatorHotkey: hotkeySchema, place: z.int().min(-1).nullable() }),
  columns: { validatorHotkey: column.lowCardinality(), place: column.nullable(column.int64Number()) },
})

/**
 * The version's evaluations are one range, and become one constant. For those that wait, the rows of `evaluation_queues`
 * up to the last of them are read, and a place counts the ones in front: so it is right also when the evaluation itself
 * has not reached its queue yet. What neither waits nor runs nor is completed has no place.
 */
export async function readQueuePlaces(
  connection: ClickHouseConnection,
  { versionId }: Readonly<{ versionId: string }>,
  options: CallOptions | undefined,
): Promise<readonly QueuePlace[]> {
  checkParam('versionId', uuidSchema, versionId)
  return readAll(connection, placeReader, {
    sql: `WITH
  (
    SELECT groupArray((created_at, evaluation_id, validator_hotkey, status))
    FROM ${from(connection, evaluationRow)} WHERE version_id = {versionId:String}
  ) AS own,
  arrayFilter(each -> each.4 = 'waiting', own) AS waits
SELECT validator_hotkey, multiIf(
  status = 'running', 0,
  status = 'completed', -1,
  status = 'waiting', 1 + toInt64(arrayCount(front -> front < (created_at, evaluation_id), ifNull(queue, []))),
  NULL)
FROM (
  SELECT arrayJoin(own) AS each, each.1 AS created_at, each.2 AS evaluation_id, each.3 AS validator_hotkey, each.4 AS status
) AS asked
LEFT JOIN (
  SELECT validator_hotkey, groupArray((created_at, evaluation_id)) AS queue
  FROM ${from(connection, evaluationQueueRow)}
  WHERE is_waiting AND validator_hotkey IN (SELECT arrayJoin(waits).3) AND created_at <= arrayMax(arrayMap(each -> each.1, waits))
  GROUP BY validator_hotkey
) AS queues USING (validator_hotkey)
ORDER BY created_at, evaluation_id`,
    params: { versionId },
    ...signalOf(options),
  })
}
