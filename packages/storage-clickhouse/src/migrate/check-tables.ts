import { StorageError } from '@subnetkit/core'
import { z } from 'zod'

import { column } from '../codecs/column.ts'
import { rowReader, type RowCodec } from '../codecs/row-codec.ts'
import type { ClickHouseConnection } from '../connection.ts'
import { readAll } from '../query/read-rows.ts'

const columnReader = rowReader({
  label: 'system.columns',
  schema: z.strictObject({ table: z.string(), name: z.string(), type: z.string() }),
  columns: { table: column.string(), name: column.string(), type: column.string() },
})

const tableReader = rowReader({
  label: 'system.tables',
  schema: z.strictObject({ name: z.string(), engine: z.string() }),
  columns: { name: column.string(), engine: column.string() },
})

type Expected = Pick<RowCodec<never>, 'table' | 'engine' | 'expectedColumns'>

/**
 * Compares codecs with the tables as they are: existence, engine, name and type of each column. Columns that a table has
 * beyond its codec are fine. Throws StorageError `missing_schema` with all differences in `details.differences`.
 */
export async function checkTables(
  connection: ClickHouseConnection,
  codecs: readonly Expected[],
  options: { readonly signal?: AbortSignal } = {},
): Promise<void> {
  const params = { database: connection.database, tables: codecs.map(({ table }) => table) }
  const tables = await readAll(connection, tableReader, {
    sql: 'SELECT {columns} FROM system.tables WHERE database = {database:String} AND name IN {tables:Array(String)}',
    params,
    ...options,
  })
  const columns = await readAll(connection, columnReader, {
    sql: 'SELECT {columns} FROM system.columns WHERE database = {database:String} AND table IN {tables:Array(String)}',
    params,
    ...options,
  })
  const engines = new Map(tables.map(({ name, engine }) => [name, engine]))
  const types = new Map(columns.map(({ table, name, type }) => [`${table}.${name}`, type]))
  const differences = codecs.flatMap((codec) => differencesOf(codec, engines, types))
  if (differences.length === 0) return
  throw new StorageError({
    code: 'missing_schema',
    message: `database ${connection.database} does not fit this release: ${differences.slice(0, 5).join('; ')}; run the migrations`,
    details: { database: connection.database, differences },
  })
}

function differencesOf(
  { table, engine, expectedColumns }: Expected,
  engines: ReadonlyMap<string, string>,
  types: ReadonlyMap<string, string>,
): readonly string[] {
  const found = engines.get(table)
  if (found === undefined) return [`table ${table} is missing`]
  const plain = found.replace(/^(?:Replicated|Shared)/, '')
  const wrongEngine = plain === engine ? [] : [`table ${table} is a ${found}, not a ${engine}`]
  const wrongColumns = expectedColumns.flatMap(({ name, type }) => {
    const actual = types.get(`${table}.${name}`)
    if (actual === type) return []
    return [
      actual === undefined
        ? `column ${table}.${name} is missing`
        : `column ${table}.${name} is ${actual}, not ${type}`,
    ]
  })
  return [...wrongEngine, ...wrongColumns]
}
