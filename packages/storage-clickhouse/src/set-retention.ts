import { InputError } from '@subnetkit/core'
import { z } from 'zod'

import { column } from './codecs/column.ts'
import { rowReader } from './codecs/row-codec.ts'
import type { ClickHouseConnection } from './connection.ts'
import { toClusterSql } from './migrate/to-cluster-sql.ts'
import { readAll } from './query/read-rows.ts'
import { quoteIdentifier } from './quote-identifier.ts'

/** A table whose rows run out, by an expression of its own columns. */
interface ExpiringTable {
  readonly table: string
  /** When the days begin. */
  readonly since: string
  /** Only these rows run out; absent for all. */
  readonly where?: string
}

/** By the name that callers use: a table with those that hold the same rows otherwise. */
const retained = {
  miner_weight_traces: [
    { table: 'miner_weight_traces', since: 'created_at' },
    { table: 'miner_weight_trace_points', since: 'at' },
  ],
  miner_performance_stats: ['miner_performance_stats', 'miner_performance_task_stats'].map((table) => ({
    table,
    since: 'toDateTime(period_end)',
    where: `period_type != 'all_time'`,
  })),
} as const satisfies Readonly<Record<string, readonly ExpiringTable[]>>

/** A table with a retention that can be set. Weight cycles and chain snapshots have none: they are kept. */
export type RetainedTable = keyof typeof retained

/** A retention and what it is for. */
export interface RetentionOptions {
  readonly table: RetainedTable
  readonly signal?: AbortSignal
}

const LONGEST_DAYS = 3_650
const daysSchema = z.int().min(1).max(LONGEST_DAYS)

const engineReader = rowReader({
  label: 'system.tables',
  schema: z.strictObject({ name: z.string(), engineFull: z.string() }),
  columns: { name: column.string(), engineFull: column.string() },
})

/** Days after which rows of each table run out; null where they never do or the table is missing. */
async function readDays(
  connection: ClickHouseConnection,
  tables: readonly ExpiringTable[],
  signal: AbortSignal | undefined,
): Promise<readonly (number | null)[]> {
  const rows = await readAll(connection, engineReader, {
    sql: 'SELECT {columns} FROM system.tables WHERE database = {database:String} AND name IN {tables:Array(String)}',
    params: { database: connection.database, tables: tables.map(({ table }) => table) },
    ...(signal === undefined ? {} : { signal }),
  })
  const engines = new Map(rows.map(({ name, engineFull }) => [name, engineFull]))
  return tables.map(({ table }) => {
    const days = /\bTTL .*toIntervalDay\((\d+)\)/.exec(engines.get(table) ?? '')?.[1]
    return days === undefined ? null : Number(days)
  })
}

/** After how many days rows of the table run out; null when the table is not there, or its rows are kept for ever. */
export async function readRetention(
  connection: ClickHouseConnection,
  { table, signal }: RetentionOptions,
): Promise<number | null> {
  const [days] = await readDays(connection, retained[table], signal)
  return days ?? null
}

/**
 * Sets after how many days (1–3650) the rows of a table run out, and those of the tables that follow it. Nothing happens
 * where that is so already, which makes it cheap at every start. The engine removes rows in the background, some hours
 * after they ran out; until then they can be read. A longer time never brings back what is gone.
 *
 * @throws InputError for days that cannot be; StorageError `missing_schema` before the `validator` migrations have run.
 */
export async function setRetention(
  connection: ClickHouseConnection,
  { table, days, signal }: RetentionOptions & { readonly days: number },
): Promise<void> {
  if (!daysSchema.safeParse(days).success) {
    throw new InputError({
      field: `retention of ${table}`,
      value: days,
      problem: 'is no number of days',
      hint: `give a whole number from 1 to ${LONGEST_DAYS}`,
    })
  }
  const tables: readonly ExpiringTable[] = retained[table]
  const present = await readDays(connection, tables, signal)
  for (const [index, { table: name, since, where }] of tables.entries()) {
    if (present[index] === days) continue
    const only = where === undefined ? '' : ` DELETE WHERE ${where}`
    const sql = `ALTER TABLE ${quoteIdentifier(name)} MODIFY TTL ${since} + toIntervalDay(${days})${only}`
    await connection.command({
      sql: connection.cluster === null ? sql : toClusterSql(sql, connection.cluster),
      isRepeatable: true,
      ...(signal === undefined ? {} : { signal }),
    })
  }
}
