import { isRetryableStorageError, isStorageError, type CallOptions, type StorageError } from '@subnetkit/core'

import type { Item } from '../codecs/item.ts'
import { backoffDelayMs, DEFAULT_BACKOFF, pause, type BackoffOptions } from './backoff.ts'
import type { Condition } from './condition.ts'
import { incompleteWrites } from './incomplete-writes.ts'
import type { TableTarget } from './item-request.ts'
import { keyOf, keyText } from './key-text.ts'
import { putItem } from './put-item.ts'
import { runInParallel } from './run-in-parallel.ts'

/** Items that are each stored on one and the same condition. */
export interface PutEachParams extends TableTarget {
  /** Any number, no two with the same key. */
  readonly items: readonly Item[]
  readonly condition: Condition
  /** Requests under way at once. */
  readonly atOnce: number
  readonly backoff?: BackoffOptions
}

/**
 * Stores each item on whose key the condition holds, and gives how many those were. A put that failed for the store's
 * sake is sent again after a pause that grows: one that fails now and then never sends the whole back to its start.
 *
 * A put whose answer was lost meets its own item at the next try, and does not count.
 *
 * @throws StorageError `incomplete_batch` when tries ran out, or at once when no put at all got through: `details.left` lists the keys that
 *   are not known to be stored, `cause` is the last failure. Any failure that no further try mends is thrown as it is.
 */
export async function putEach(params: PutEachParams, options?: CallOptions): Promise<number> {
  const { connection, table, items, condition, atOnce, backoff } = params
  const maxAttempts = backoff?.maxAttempts ?? DEFAULT_BACKOFF.maxAttempts
  let left = items
  let stored = 0
  let cause: unknown = undefined
  for (let attempt = 1; left.length > 0; attempt += 1) {
    if (attempt > maxAttempts) throw incomplete(params, left, cause)
    if (attempt > 1) {
      const seed = left.map((item) => keyText(table, item)).join('\n')
      await pause(backoffDelayMs(attempt, seed, backoff), options?.signal)
    }
    const failed: Item[] = []
    await runInParallel(left, atOnce, async (item) => {
      try {
        await putItem({ connection, table, item, condition }, options)
        stored += 1
      } catch (error) {
        if (isStorageError(error, 'conflict')) return
        options?.signal?.throwIfAborted()
        if (!isRetryableStorageError(error)) throw error
        cause = error
        failed.push(item)
      }
    })
    if (failed.length === items.length) throw incomplete(params, failed, cause)
    left = failed
  }
  return stored
}

function incomplete({ table, items }: PutEachParams, left: readonly Item[], cause: unknown): StorageError {
  const keys = left.map((item) => ({ table: table.name, key: keyOf(table, item) }))
  return incompleteWrites({ left: keys, total: items.length, cause })
}
