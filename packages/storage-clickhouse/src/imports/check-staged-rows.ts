import { InputError, type ImportFileParams } from '@subnetkit/core'
import { z } from 'zod'

import { column } from '../codecs/column.ts'
import { rowReader } from '../codecs/row-codec.ts'
import type { ClickHouseConnection } from '../connection.ts'
import { readOne } from '../query/read-rows.ts'
import { tableName } from '../query/table-name.ts'
import { keyCondition, signalOf } from '../repositories/key-condition.ts'

/** One check of one staged column. */
export interface StagedCheck {
  readonly source: number
  /** SQL that is 1 for a row that must be refused. */
  readonly isBad: string
  readonly problem: string
  readonly hint: string
}

const badRow = rowReader({
  label: 'the first offending row',
  schema: z.strictObject({ row: z.int(), check: z.int() }),
  columns: { row: column.uint64Number(), check: column.uint64Number() },
})

const valueRow = rowReader({
  label: 'the offending value',
  schema: z.strictObject({ value: z.string().nullable(), bytes: z.int().nullable() }),
  columns: { value: column.nullable(column.string()), bytes: column.nullable(column.uint64Number()) },
})

const SHOWN = 64

/** Runs all checks in one scan and refuses the first row that fails one, naming row, column and value. */
export async function checkStagedRows(
  connection: ClickHouseConnection,
  table: string,
  params: ImportFileParams,
  checks: readonly StagedCheck[],
  signal?: AbortSignal,
): Promise<void> {
  if (checks.length === 0) return
  const options = signalOf(signal === undefined ? {} : { signal })
  const staged = tableName(connection, { table })
  const branches = checks.map(({ isBad }, index) => `${isBad}, ${index + 1}`)
  const found = await readOne(connection, badRow, {
    sql: `SELECT _row, toUInt64(multiIf(${branches.join(', ')}, 0)) AS bad FROM ${staged} WHERE bad != 0 ORDER BY _row LIMIT 1`,
    params: keyCondition(params.key).params,
    ...options,
  })
  const check = found === null ? undefined : checks[found.check - 1]
  if (found === null || check === undefined) return
  const shown = await readOne(connection, valueRow, {
    sql: `SELECT toValidUTF8(substring(c${check.source}, 1, ${SHOWN})), length(c${check.source}) FROM ${staged} WHERE _row = {row:UInt64}`,
    params: { row: found.row },
    ...options,
  })
  const { value = null, bytes = null } = shown ?? {}
  const isCut = bytes !== null && bytes > SHOWN
  throw new InputError({
    field: `${params.fileName}, row ${found.row}, column ${params.sourceColumns[check.source] ?? ''}`,
    value,
    problem: `${isCut ? `(the beginning of ${bytes} bytes) ` : ''}${check.problem}`,
    hint: check.hint,
  })
}

const duplicateRow = rowReader({
  label: 'the first duplicate',
  schema: z.strictObject({ first: z.int(), second: z.int(), id: z.string() }),
  columns: { first: column.uint64Number(), second: column.uint64Number(), id: column.string() },
})

/** Refuses a file in which two rows have the same id. `id` is SQL over the subquery `rows`. */
export async function checkUnique(
  connection: ClickHouseConnection,
  rows: string,
  { fileName, key }: ImportFileParams,
  unique: { readonly sql: string; readonly name: string },
  signal?: AbortSignal,
): Promise<void> {
  const found = await readOne(connection, duplicateRow, {
    sql: `SELECT min(_row) AS first, max(_row) AS second, any(toString(${unique.sql})) AS id
FROM (${rows}) GROUP BY ${unique.sql} HAVING count() > 1 ORDER BY second LIMIT 1`,
    params: keyCondition(key).params,
    ...(signal === undefined ? {} : { signal }),
  })
  if (found === null) return
  throw new InputError({
    field: `${fileName}, row ${found.second}, ${unique.name}`,
    value: found.id,
    problem: `stands in row ${found.first} already`,
    hint: 'each row needs its own; remove the duplicate in the source',
  })
}
