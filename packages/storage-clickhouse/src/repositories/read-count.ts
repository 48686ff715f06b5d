import { z } from 'zod'

import { column } from '../codecs/column.ts'
import { rowReader } from '../codecs/row-codec.ts'
import type { ClickHouseConnection, Statement } from '../connection.ts'
import { readOne } from '../query/read-rows.ts'

const countRow = rowReader({
  label: 'a count',
  schema: z.strictObject({ count: z.int().min(0) }),
  columns: { count: column.uint64Number() },
})

/** The one number that a statement answers. */
export async function readCount(connection: ClickHouseConnection, statement: Statement): Promise<number> {
  return (await readOne(connection, countRow, statement))?.count ?? 0
}
