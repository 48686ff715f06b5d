import { isStorageError, StorageError, type RowSource } from '@subnetkit/core'

import type { RowCodec } from '../codecs/row-codec.ts'
import type { ClickHouseConnection } from '../connection.ts'
import { tableName } from './table-name.ts'
import type { VersionClock } from './version-clock.ts'

/** How rows are stored. */
export interface InsertRowsOptions {
  /**
   * Versions for a ReplacingMergeTree: a clock, or one version. All rows of one call carry the same version; of two rows
   * with the same key in one call, the later one stays.
   */
  readonly version?: VersionClock | bigint
  /** Largest batch. @default 100000 */
  readonly batchRows?: number
  /** Largest batch in bytes of text; a single longer row is a batch of its own. @default 16777216 */
  readonly batchBytes?: number
  /**
   * Marks each batch (`token:0`, `token:1` …), so that a repeated call with the same rows and batch sizes stores nothing
   * twice. A table that is not replicated needs `non_replicated_deduplication_window` for it.
   */
  readonly dedupToken?: string
  readonly signal?: AbortSignal
}

/** What was stored. */
export interface InsertRowsResult {
  /** Rows acknowledged by the server. */
  readonly rows: number
  readonly batches: number
}

const DEFAULT_BATCH_ROWS = 100_000
const DEFAULT_BATCH_BYTES = 16 * 1024 * 1024
const CHUNK_CHARACTERS = 128 * 1024

/**
 * Checks rows, writes them as text and stores them in batches. While one batch is on its way the next is built, never
 * more, so memory stays within two batches whatever the source holds. A batch that the connection lost is sent again
 * when that is safe: on Replacing tables, and with a `dedupToken`.
 *
 * @throws StorageError `invalid_input` naming row, field and value for a row that does not fit. Batches before it may be
 *   stored by then; `details.storedRows` of any failure says how many rows were acknowledged.
 */
export async function insertRows<Row>(
  connection: ClickHouseConnection,
  codec: RowCodec<Row>,
  source: RowSource<Row>,
  options: InsertRowsOptions = {},
): Promise<InsertRowsResult> {
  const { signal } = options
  checkSizes(options)
  signal?.throwIfAborted()
  const sql = `INSERT INTO ${tableName(connection, codec)} (${codec.insertList}) FORMAT JSONCompactEachRow`
  const settled = { rows: 0, batches: 0 }
  let sending: Promise<void> | null = null
  const send = async ({ body, rows }: Batch, number: number): Promise<void> => {
    await connection.insert({
      sql,
      body,
      isRepeatable: codec.engine === 'ReplacingMergeTree' || options.dedupToken !== undefined,
      ...(options.dedupToken === undefined
        ? {}
        : {
            settings: {
              insert_deduplication_token: `${options.dedupToken}:${number}`,
              insert_deduplicate: 1,
            },
          }),
      ...(signal === undefined ? {} : { signal }),
    })
    settled.rows += rows
    settled.batches += 1
  }
  try {
    let number = 0
    for await (const batch of buildBatches(codec, source, options)) {
      await sending
      sending = send(batch, number)
      // Its failure is raised by the await above or below; until then it must not count as unhandled.
      sending.catch(() => {})
      number += 1
    }
    await sending
    return settled
  } catch (error) {
    await sending?.catch(() => {})
    if (signal?.aborted === true) throw signal.reason
    throw withStoredRows(error, settled.rows)
  }
}

interface Batch {
  readonly body: readonly Buffer[]
  readonly rows: number
}

async function* buildBatches<Row>(
  codec: RowCodec<Row>,
  source: RowSource<Row>,
  { batchRows = DEFAULT_BATCH_ROWS, batchBytes = DEFAULT_BATCH_BYTES, signal, version }: InsertRowsOptions,
): AsyncGenerator<Batch, void, void> {
  const writer = codec.createWriter(typeof version === 'object' ? version.next() : (version ?? null))
  let body: Buffer[] = []
  let text = ''
  let rows = 0
  let bytes = 0
  let rowNumber = 0
  const flush = (): void => {
    if (text === '') return
    const chunk = Buffer.from(text)
    body.push(chunk)
    bytes += chunk.length
    text = ''
  }
  const take = (): Batch => {
    flush()
    const batch = { body, rows }
    body = []
    rows = 0
    bytes = 0
    return batch
  }
  for await (const row of source) {
    rowNumber += 1
    const line = writer.line(row, rowNumber)
    if (rows > 0 && bytes + text.length + line.length > batchBytes) yield take()
    text += line
    rows += 1
    if (text.length >= CHUNK_CHARACTERS) {
      flush()
      signal?.throwIfAborted()
    }
    if (rows >= batchRows) yield take()
  }
  if (rows > 0) yield take()
}

function checkSizes({ batchRows = 1, batchBytes = 1 }: InsertRowsOptions): void {
  for (const [name, value] of Object.entries({ batchRows, batchBytes })) {
    if (Number.isSafeInteger(value) && value > 0) continue
    throw new StorageError({
      code: 'invalid_input',
      message: `insertRows: ${name} ${value} is not a positive integer`,
    })
  }
}

function withStoredRows(error: unknown, storedRows: number): unknown {
  if (!isStorageError(error)) return error
  const { code, message, retryable, details, cause } = error
  return new StorageError({
    code,
    message,
    retryable,
    cause: cause ?? error,
    details: { ...details, storedRows },
  })
}
