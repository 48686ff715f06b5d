import { isStorageError, StorageError, type CallOptions } from '@subnetkit/core'

import type { Item } from '../codecs/item.ts'
import type { DynamoConnection } from '../connect.ts'
import { tableName, type TableSpec } from '../tables/table-spec.ts'
import { backoffDelayMs, DEFAULT_BACKOFF, pause, type BackoffOptions } from './backoff.ts'
import { chunkBySize } from './chunk-by-size.ts'
import { isExpired } from './expiry.ts'
import { keyText } from './key-text.ts'

/** What to read. */
export interface BatchGetParams {
  readonly connection: DynamoConnection
  readonly table: TableSpec
  /** Any number of whole keys, none twice; chunked into requests of 100. */
  readonly keys: readonly Item[]
  /** Needed when the table's items expire. */
  readonly now?: Date
  readonly backoff?: BackoffOptions
}

const MAX_KEYS = 100

/**
 * Reads many items, consistently: one entry for each key, in the order of `keys`, null where there is none.
 *
 * @throws StorageError `invalid_input` for a duplicate key; `incomplete_batch` with the keys that are left in
 *   `details.left` when a request failed or tries ran out. What could not be read is never told as absent.
 */
export async function batchGet(
  params: BatchGetParams,
  options?: CallOptions,
): Promise<readonly (Item | null)[]> {
  const { table, keys, now, backoff } = params
  const texts = keys.map((key) => keyText(table, key))
  const seen = new Set<string>()
  const doubled = texts.find((text) => seen.size === seen.add(text).size)
  if (doubled !== undefined) {
    throw new StorageError({
      code: 'invalid_input',
      message: `a second read of the key ${doubled} in one batch`,
    })
  }
  const found = new Map<string, Item>()
  const maxAttempts = backoff?.maxAttempts ?? DEFAULT_BACKOFF.maxAttempts
  let left = keys
  for (let attempt = 1; left.length > 0; attempt += 1) {
    if (attempt > maxAttempts) throw incomplete(left, keys.length, undefined)
    if (attempt > 1) {
      const seed = left.map((key) => keyText(table, key)).join('\n')
      await pause(backoffDelayMs(attempt, seed, backoff), options?.signal)
    }
    left = await readAll(params, left, found, options)
  }
  return texts.map((text) => {
    const item = found.get(text)
    return item === undefined || isExpired(item, table, now) ? null : item
  })
}

async function readAll(
  params: BatchGetParams,
  keys: readonly Item[],
  found: Map<string, Item>,
  options: CallOptions | undefined,
): Promise<readonly Item[]> {
  const { connection, table } = params
  const name = tableName(connection.tablePrefix, table)
  const chunks = chunkBySize(keys, () => 0, { maxCount: MAX_KEYS, maxBytes: 1 })
  const unprocessed: Item[] = []
  for (const [index, chunk] of chunks.entries()) {
    try {
      const output = await connection.documents.batchGet(
        { RequestItems: { [name]: { Keys: chunk.map((key) => ({ ...key })), ConsistentRead: true } } },
        options,
      )
      for (const item of output.Responses?.[name] ?? []) found.set(keyText(table, item), item)
      unprocessed.push(...(output.UnprocessedKeys?.[name]?.Keys ?? []))
    } catch (error) {
      options?.signal?.throwIfAborted()
      throw incomplete([...unprocessed, ...chunks.slice(index).flat()], params.keys.length, error)
    }
  }
  return unprocessed
}

function incomplete(left: readonly Item[], total: number, cause: unknown): StorageError {
  return new StorageError({
    code: 'incomplete_batch',
    message: `${left.length} of ${total} items could not be read; read those again`,
    retryable: cause === undefined || (isStorageError(cause) && cause.retryable),
    cause,
    details: { left, total },
  })
}
