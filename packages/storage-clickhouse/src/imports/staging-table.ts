import {
  InputError,
  isStorageError,
  StorageError,
  type ImportFileParams,
  type ImportFormat,
} from '@subnetkit/core'
import { z } from 'zod'

import { column } from '../codecs/column.ts'
import { rowReader } from '../codecs/row-codec.ts'
import type { ClickHouseConnection } from '../connection.ts'
import { readAll } from '../query/read-rows.ts'
import { tableName } from '../query/table-name.ts'
import { signalOf } from '../repositories/key-condition.ts'

const PREFIX = 'staging_import_'

/** The name of an import's own table; the version in it tells its age. */
export function stagingName(version: bigint): string {
  return `${PREFIX}${version}`
}

/** A column on its way into a staging table. */
export interface StagedColumn {
  /** Index into the source's columns; the staged column is called `c<index>`. */
  readonly source: number
  readonly isList: boolean
}

const engineFormats: Readonly<Record<ImportFormat, string>> = {
  parquet: 'Parquet',
  csv: 'CSVWithNames',
  jsonl: 'JSONEachRow',
}

/** Makes the table: the row's number in the file, and every wanted column as text. */
export async function createStaging(
  connection: ClickHouseConnection,
  table: string,
  columns: readonly StagedColumn[],
  signal?: AbortSignal,
): Promise<void> {
  const definitions = columns.map(({ source }) => `c${source} Nullable(String)`)
  await connection.command({
    sql: `CREATE TABLE ${tableName(connection, { table })} (_row UInt64, ${definitions.join(', ')}) ENGINE = MergeTree ORDER BY _row`,
    ...signalOf(signal === undefined ? {} : { signal }),
  })
}

/** Drops the table; harmless when it is gone. */
export async function dropStaging(connection: ClickHouseConnection, table: string): Promise<void> {
  await connection.command({
    sql: `DROP TABLE IF EXISTS ${tableName(connection, { table })} SYNC`,
    isRepeatable: true,
  })
}

/** Streams the file's bytes into the table. Nothing of it is kept in this process. */
export async function uploadFile(
  connection: ClickHouseConnection,
  table: string,
  params: ImportFileParams,
  columns: readonly StagedColumn[],
  signal?: AbortSignal,
): Promise<void> {
  const { format, sourceColumns } = params
  const wanted = new Map(columns.map((staged) => [staged.source, staged]))
  const typed = (index: number): string =>
    format === 'parquet' && wanted.get(index)?.isList === true
      ? 'Array(Nullable(String))'
      : 'Nullable(String)'
  // Text formats must name all columns, so that a column of the header that nobody announced is refused.
  const structure = sourceColumns
    .map((name, index) => ({ index, definition: `\`${name}\` ${typed(index)}` }))
    .filter(({ index }) => format !== 'parquet' || wanted.has(index))
    .map(({ definition }) => definition)
  const values = columns.map(({ source }) => {
    const name = `\`${sourceColumns[source] ?? ''}\``
    return typed(source).startsWith('Array') ? `toJSONString(${name})` : name
  })
  const body = readOnce(params.content)
  try {
    await connection.insert({
      sql: `INSERT INTO ${tableName(connection, { table })} SELECT rowNumberInAllBlocks() + 1, ${values.join(', ')}
FROM input('${structure.join(', ')}') FORMAT ${engineFormats[format]}`,
      body: body.chunks,
      settings: { input_format_parquet_preserve_order: 1, max_insert_threads: 1, max_threads: 1 },
      ...(signal === undefined ? {} : { signal }),
    })
  } catch (error) {
    if (signal?.aborted === true) throw signal.reason
    const failure = body.failure()
    throw failure === null ? explainUpload(error, params, body.bytes()) : failure.cause
  }
  if (body.bytes() === 0) throw emptyFile(params)
}

interface CountedBody {
  readonly chunks: AsyncIterable<Uint8Array>
  readonly bytes: () => number
  /** What the source itself threw, kept because the driver would bury it. */
  readonly failure: () => { readonly cause: unknown } | null
}

/** A stream cannot be sent twice: a second reader gets an error, not the empty rest. */
function readOnce(content: AsyncIterable<Uint8Array>): CountedBody {
  let bytes = 0
  let isStarted = false
  let failure: { readonly cause: unknown } | null = null
  async function* chunks(): AsyncGenerator<Uint8Array> {
    if (isStarted) {
      throw new StorageError({
        code: 'unavailable',
        message: 'the upload was interrupted; start the import again',
      })
    }
    isStarted = true
    try {
      for await (const chunk of content) {
        bytes += chunk.length
        if (chunk.length > 0) yield chunk
      }
    } catch (cause) {
      failure = { cause }
      throw cause
    }
  }
  return { chunks: { [Symbol.asyncIterator]: chunks }, bytes: () => bytes, failure: () => failure }
}

function emptyFile({ fileName }: ImportFileParams): InputError {
  return new InputError({ field: fileName, problem: 'is empty', hint: 'give a file with at least a header' })
}

/** The engine's errors about the bytes themselves; any other failure is not the file's fault. */
const UNREADABLE: ReadonlySet<unknown> = new Set([
  6, 8, 10, 26, 27, 33, 53, 72, 117, 131, 246, 349, 636, 1001, 1002,
])

function explainUpload(error: unknown, params: ImportFileParams, bytes: number): unknown {
  if (!isStorageError(error) || !UNREADABLE.has(error.details['clickhouseCode'])) return error
  if (bytes === 0) return emptyFile(params)
  const { fileName, format } = params
  const list = /type of column (.+?) doesn't match parquet schema: parquet type is (\w+)/.exec(error.message)
  if (list !== null) {
    return new InputError({
      field: `${fileName}: ${list[1] ?? ''}`,
      problem: `has the type ${list[2] ?? ''}, which cannot be read here`,
      hint: 'store the column as a plain value, or leave it out',
      cause: error,
    })
  }
  const unknown = /Unknown field[^:]*: "?([^"\s,]+)/i.exec(error.message)
  const row = /\(at row (\d+)\)/.exec(error.message)?.[1]
  return new InputError({
    field: row === undefined ? fileName : `${fileName}, row ${row}`,
    problem:
      unknown === null
        ? `cannot be read as ${format}: ${reasonOf(error.message)}`
        : `has a column ${unknown[1] ?? ''} that its header did not announce`,
    hint: 'the file may be truncated or of another format; load it again from its source',
    cause: error,
  })
}

function reasonOf(message: string): string {
  const reason = /DB::Exception: (.*)|failed: (.*)/.exec(message)
  const text = (reason?.[1] ?? reason?.[2] ?? message).replace(
    /: While executing.*|\(at row.*|: Row \d.*/,
    '',
  )
  return text.trim().slice(0, 160)
}

const stagingRow = rowReader({
  label: 'staging tables',
  schema: z.strictObject({ name: z.string() }),
  columns: { name: column.string() },
})

/** Drops staging tables of imports that began before `olderThanMs` ago. */
export async function sweepStaging(
  connection: ClickHouseConnection,
  { now, olderThanMs }: { readonly now: Date; readonly olderThanMs: number },
  signal?: AbortSignal,
): Promise<number> {
  const tables = await readAll(connection, stagingRow, {
    sql: `SELECT {columns} FROM system.tables WHERE database = {database:String} AND startsWith(name, '${PREFIX}')`,
    params: { database: connection.database },
    ...(signal === undefined ? {} : { signal }),
  })
  let removed = 0
  for (const { name } of tables) {
    signal?.throwIfAborted()
    const version = /^\d{1,20}$/.exec(name.slice(PREFIX.length))?.[0]
    if (version === undefined || Number(BigInt(version) >> 10n) / 1_000 > now.getTime() - olderThanMs)
      continue
    await dropStaging(connection, name)
    removed += 1
  }
  return removed
}
