import type { RowCodec } from '../codecs/row-codec.ts'
import type { ClickHouseConnection } from '../connection.ts'
import { tableName } from '../query/table-name.ts'
import type { Condition } from './key-condition.ts'
import { readCount } from './read-count.ts'

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
  const table = tableName(connection, codec)
  const options = signal === undefined ? {} : { signal }
  // A mutation costs the server about half a second even when it finds nothing; looking first costs milliseconds.
  const found = await readCount(connection, {
    sql: `SELECT count() FROM (SELECT 1 FROM ${table} WHERE ${where} LIMIT 1)`,
    params,
    ...options,
  })
  if (found === 0) return
  await connection.command({
    sql: `DELETE FROM ${table} WHERE ${where}`,
    params,
    settings: { lightweight_deletes_sync: 2, mutations_sync: 2 },
    isRepeatable: true,
    ...options,
  })
}
