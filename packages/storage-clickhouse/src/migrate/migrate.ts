import { InputError, isStorageError } from '@subnetkit/core'
import { z } from 'zod'

import { column } from '../codecs/column.ts'
import { rowCodec } from '../codecs/row-codec.ts'
import type { ConnectionLogger } from '../connection-options.ts'
import type { ClickHouseConnection } from '../connection.ts'
import { createDatabase } from '../create-database.ts'
import { insertRows } from '../query/insert-rows.ts'
import { readAll } from '../query/read-rows.ts'
import { readMigrations, type MigrationFile } from './migration-files.ts'
import { toClusterSql } from './to-cluster-sql.ts'

/** Where the files come from: a folder (`packagedMigrations('miner')`, or any of your own), or checked files. */
export type MigrationSource =
  | { readonly folder: URL | string; readonly files?: never }
  | { readonly files: readonly MigrationFile[]; readonly folder?: never }

/** How a database is brought to the newest schema. */
export type MigrateOptions = MigrationSource & {
  /** For the ledger's `applied_at`. */
  readonly now: () => Date
  /** Only say what would be done. @default false */
  readonly dryRun?: boolean
  readonly signal?: AbortSignal
  readonly logger?: Pick<ConnectionLogger, 'debug'>
}

/** What a migration did, or with `dryRun` would do. */
export interface MigrateResult {
  /** File names, in order. */
  readonly applied: readonly string[]
  /** Files that had been applied before. */
  readonly unchanged: number
}

/** One file of the history. */
export interface MigrationStatusEntry {
  readonly number: number
  readonly name: string
  readonly state: 'applied' | 'pending'
  readonly appliedAt: Date | null
}

/** Where a database stands. */
export interface MigrationStatus {
  readonly entries: readonly MigrationStatusEntry[]
  readonly isCurrent: boolean
}

const ledgerSchema = z.strictObject({
  number: z.int().min(1).max(9_999),
  name: z.string().min(1).max(256),
  checksum: z.string().regex(/^[0-9a-f]{64}$/),
  appliedAt: z.date(),
})

type LedgerRow = z.infer<typeof ledgerSchema>

const ledger = rowCodec({
  table: 'schema_migrations',
  engine: 'ReplacingMergeTree',
  schema: ledgerSchema,
  columns: {
    number: column.uint16(),
    name: column.string(),
    checksum: column.fixedString(64),
    appliedAt: column.dateTime64(),
  },
})

const CREATE_LEDGER = `CREATE TABLE IF NOT EXISTS schema_migrations
(
  number UInt16,
  name String,
  checksum FixedString(64),
  applied_at DateTime64(3, 'UTC'),
  _version UInt64
)
ENGINE = ReplacingMergeTree(_version)
ORDER BY number`

/**
 * Brings the connection's database to the newest file, creating the database where it is missing. Safe when several
 * processes start at once and when one dies half-way: every file may run twice, and the ledger keeps one row per number,
 * written after its file. On a cluster the same files run `ON CLUSTER`, on Replicated engines.
 *
 * @throws InputError when an applied file was edited or renamed, or when the database is newer than the files.
 */
export async function migrate(
  connection: ClickHouseConnection,
  options: MigrateOptions,
): Promise<MigrateResult> {
  const { signal } = options
  const files = await filesOf(options)
  const before = await readLedger(connection, signal)
  compare(files, before ?? [])
  const known = new Set((before ?? []).map(({ number }) => number))
  const pending = files.filter(({ number }) => !known.has(number))
  const result = { applied: pending.map(({ name }) => name), unchanged: files.length - pending.length }
  if (options.dryRun === true || pending.length === 0) return result
  if (before === null) {
    await createDatabase(connection, connection.database, signal === undefined ? {} : { signal })
    await run(connection, CREATE_LEDGER, signal)
  }
  for (const file of pending) {
    await run(connection, file.sql, signal)
    await record(connection, file, options.now(), signal)
    options.logger?.debug({ migration: file.name, database: connection.database }, 'migration applied')
  }
  // Another release may have been migrating at the same time: its ledger rows must agree with our files.
  compare(files, (await readLedger(connection, signal)) ?? [])
  return result
}

/** Says which files are applied. Changes nothing, and throws what {@link migrate} would throw. */
export async function migrationStatus(
  connection: ClickHouseConnection,
  options: MigrationSource & { readonly signal?: AbortSignal },
): Promise<MigrationStatus> {
  const files = await filesOf(options)
  const rows = (await readLedger(connection, options.signal)) ?? []
  compare(files, rows)
  const appliedAt = new Map(rows.map((row) => [row.number, row.appliedAt]))
  const entries = files.map(({ number, name }): MigrationStatusEntry => {
    const at = appliedAt.get(number) ?? null
    return { number, name, state: at === null ? 'pending' : 'applied', appliedAt: at }
  })
  return { entries, isCurrent: entries.every(({ state }) => state === 'applied') }
}

async function filesOf(source: MigrationSource): Promise<readonly MigrationFile[]> {
  return source.files ?? readMigrations(source.folder)
}

/** The ledger's rows, or null where database or ledger do not exist yet. */
async function readLedger(
  connection: ClickHouseConnection,
  signal: AbortSignal | undefined,
): Promise<readonly LedgerRow[] | null> {
  try {
    return await readAll(connection, ledger, {
      sql: 'SELECT {columns} FROM {table} ORDER BY number',
      ...(signal === undefined ? {} : { signal }),
    })
  } catch (error) {
    if (isStorageError(error, 'missing_schema')) return null
    throw error
  }
}

function compare(files: readonly MigrationFile[], rows: readonly LedgerRow[]): void {
  const byNumber = new Map(files.map((file) => [file.number, file]))
  for (const { number, name, checksum } of rows) {
    const file = byNumber.get(number)
    if (file === undefined) {
      throw new InputError({
        field: `migration ${name}`,
        problem: 'was applied to this database, but is not among the files',
        hint: 'the database was migrated by a newer release: update this one',
      })
    }
    if (file.name !== name || file.checksum !== checksum) {
      throw new InputError({
        field: `migration ${file.name}`,
        problem:
          file.name === name ? 'was edited after it was applied' : `was applied under the name ${name}`,
        hint: `restore the file as it was, and put the change into a new one (${String(files.length + 1).padStart(4, '0')}_…)`,
      })
    }
  }
}

async function run(
  connection: ClickHouseConnection,
  sql: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const text = sql.replace(/;\s*$/, '')
  await connection.command({
    sql: connection.cluster === null ? text : toClusterSql(text, connection.cluster),
    isRepeatable: true,
    ...(signal === undefined ? {} : { signal }),
  })
}

/** Of several runners that record the same number the first keeps its place: versions count down with time. */
async function record(
  connection: ClickHouseConnection,
  { number, name, checksum }: MigrationFile,
  appliedAt: Date,
  signal: AbortSignal | undefined,
): Promise<void> {
  await insertRows(connection, ledger, [{ number, name, checksum, appliedAt }], {
    version: 2n ** 63n - BigInt(appliedAt.getTime()),
    ...(signal === undefined ? {} : { signal }),
  })
}
