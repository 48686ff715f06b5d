import { StorageError, type CallOptions } from '@subnetkit/core'

import { assertStorable } from '../codecs/assert-storable.ts'
import { isChecked } from '../codecs/checked-items.ts'
import { itemSize, MAX_ITEM_BYTES } from '../codecs/item-size.ts'
import type { Item } from '../codecs/item.ts'
import type { DynamoConnection } from '../connect.ts'
import { tableName, type TableSpec } from '../tables/table-spec.ts'
import { backoffDelayMs, DEFAULT_BACKOFF, pause, type BackoffOptions } from './backoff.ts'
import { chunkBySize } from './chunk-by-size.ts'
import { incompleteWrites } from './incomplete-writes.ts'
import { keyOf, keyText } from './key-text.ts'

/** One write of a batch: an item that replaces what has its key, or a key whose item goes. */
export type BatchWrite =
  { readonly table: TableSpec; readonly put: Item } | { readonly table: TableSpec; readonly remove: Item }

/** What to write. */
export interface BatchWriteParams {
  readonly connection: DynamoConnection
  /** Any number; chunked into requests of 25. All must be idempotent in any order: no two may have the same key. */
  readonly writes: readonly BatchWrite[]
  readonly backoff?: BackoffOptions
}

/** DynamoDB's limit; so many of the largest items stay below its 16 MB of one request. */
const MAX_WRITES = 25

/**
 * Writes all, or says what is left. What DynamoDB hands back is resent after a pause that grows; nothing is dropped.
 *
 * @throws StorageError `invalid_input`, before anything is sent: a duplicate key, or an item that cannot be stored.
 * @throws StorageError `incomplete_batch` when a request failed or tries ran out: `details.left` lists the keys of
 *   all writes that are not known to be stored, `cause` is the failure.
 */
export async function batchWrite(params: BatchWriteParams, options?: CallOptions): Promise<void> {
  const { connection, writes, backoff } = params
  const maxAttempts = backoff?.maxAttempts ?? DEFAULT_BACKOFF.maxAttempts
  checkWrites(writes)
  let left = writes
  for (let attempt = 1; left.length > 0; attempt += 1) {
    if (attempt > maxAttempts) throw incomplete(left, writes.length, undefined)
    if (attempt > 1)
      await pause(backoffDelayMs(attempt, left.map(textOf).join('\n'), backoff), options?.signal)
    left = await sendAll(connection, left, writes.length, options)
  }
}

/** Sends each chunk once, in order; gives what came back unprocessed. */
async function sendAll(
  connection: DynamoConnection,
  writes: readonly BatchWrite[],
  total: number,
  options: CallOptions | undefined,
): Promise<readonly BatchWrite[]> {
  const chunks = chunkBySize(writes, () => 0, { maxCount: MAX_WRITES, maxBytes: 0 })
  const unprocessed: BatchWrite[] = []
  for (const [index, chunk] of chunks.entries()) {
    try {
      unprocessed.push(...(await sendChunk(connection, chunk, options)))
    } catch (error) {
      options?.signal?.throwIfAborted()
      throw incomplete([...unprocessed, ...chunks.slice(index).flat()], total, error)
    }
  }
  return unprocessed
}

async function sendChunk(
  connection: DynamoConnection,
  chunk: readonly BatchWrite[],
  options: CallOptions | undefined,
): Promise<readonly BatchWrite[]> {
  const specs = new Map(chunk.map(({ table }) => [tableName(connection.tablePrefix, table), table]))
  const byTable = [...specs].map(([name, table]) => [
    name,
    chunk.filter((write) => write.table.name === table.name).map(toRequest),
  ])
  const output = await connection.documents.batchWrite({ RequestItems: Object.fromEntries(byTable) }, options)
  const handedBack = Object.entries(output.UnprocessedItems ?? {})
  if (handedBack.length === 0) return []
  const returned = new Set(
    handedBack.flatMap(([name, requests]) => {
      const table = specs.get(name)
      if (table === undefined) return []
      return requests.map(({ PutRequest, DeleteRequest }) =>
        keyText(table, PutRequest?.Item ?? DeleteRequest?.Key ?? {}),
      )
    }),
  )
  return chunk.filter((write) => returned.has(textOf(write)))
}

function toRequest(write: BatchWrite): { PutRequest: { Item: Item } } | { DeleteRequest: { Key: Item } } {
  return 'put' in write ? { PutRequest: { Item: write.put } } : { DeleteRequest: { Key: write.remove } }
}

function checkWrites(writes: readonly BatchWrite[]): void {
  const seen = new Set<string>()
  for (const [index, write] of writes.entries()) {
    const item = itemOf(write)
    const wasJudged = isChecked(item)
    if (!wasJudged) assertStorable(item, `writes[${index}]`)
    const key = textOf(write)
    if (seen.has(key)) throw refused(`writes[${index}]: a second write of the key ${key} in one batch`)
    seen.add(key)
    const bytes = wasJudged ? 0 : itemSize(item)
    if (bytes > MAX_ITEM_BYTES) {
      throw refused(`writes[${index}]: ${bytes} bytes exceed the ${MAX_ITEM_BYTES} that an item may have`)
    }
  }
}

const itemOf = (write: BatchWrite): Item => ('put' in write ? write.put : write.remove)
const textOf = (write: BatchWrite): string => keyText(write.table, itemOf(write))

function refused(message: string): StorageError {
  return new StorageError({ code: 'invalid_input', message })
}

function incomplete(left: readonly BatchWrite[], total: number, cause: unknown): StorageError {
  const keys = left.map((write) => ({ table: write.table.name, key: keyOf(write.table, itemOf(write)) }))
  return incompleteWrites({ left: keys, total, cause })
}
