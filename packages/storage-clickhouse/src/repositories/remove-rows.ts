import type { RowCodec } from '../codecs/row-codec.ts'
import type { ClickHouseConnection } from '../connection.ts'
import { tableName } from '../query/table-name.ts'
import type { Condition } from './key-condition.ts'

/**
 * Removes rows, all their versions, and resolves when no reader sees them any more. Only rows that were there when it
 * began: rows put meanwhile stay.
 */
export async function removeRows(
  connection: ClickHouseConnection,
  codec: Pick<RowCodec<never>, 'table'>,
  { where, params }: Condition,
  signal?: AbortSignal,
): Promise<void> {
  await connection.command({
    sql: `DELETE FROM ${tableName(connection, codec)} WHERE ${where}`,
    params,
    settings: { lightweight_deletes_sync: 2, mutations_sync: 2 },
    isRepeatable: true,
    ...(signal === undefined ? {} : { signal }),
  })
}
