import { z } from 'zod'

import { column } from './codecs/column.ts'
import { rowReader } from './codecs/row-codec.ts'
import type { ClickHouseConnection } from './connection.ts'
import { readAll } from './query/read-rows.ts'

const sizeSchema = z.strictObject({
  table: z.string(),
  /** Stored ones, superseded versions included until the engine merges them away. */
  rows: z.int().min(0),
  /** On disk, compressed. */
  bytes: z.int().min(0),
})

/** What one table takes up. */
export type TableSize = z.infer<typeof sizeSchema>

const sizeReader = rowReader({
  label: 'system.tables',
  schema: sizeSchema,
  columns: { table: column.string(), rows: column.uint64Number(), bytes: column.uint64Number() },
})

/** What every table of the connection's database takes up, by name; of a cluster, this server's share. */
export async function readTableSizes(
  connection: ClickHouseConnection,
  options?: { readonly signal?: AbortSignal },
): Promise<readonly TableSize[]> {
  return await readAll(connection, sizeReader, {
    sql: `SELECT {columns} FROM (
  SELECT name AS table, ifNull(total_rows, 0) AS rows, ifNull(total_bytes, 0) AS bytes
  FROM system.tables WHERE database = {database:String} AND engine LIKE '%MergeTree'
) ORDER BY table`,
    params: { database: connection.database },
    ...(options?.signal === undefined ? {} : { signal: options.signal }),
  })
}
