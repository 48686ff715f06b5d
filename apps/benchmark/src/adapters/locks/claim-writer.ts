import { createHash } from 'node:crypto'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'

import { InputError, isStorageError, StorageError } from '@subnetkit/core'
import { acquireFolderLock, type FolderLock } from '@subnetkit/core/local-service'

/** Which store is written to, and what its writers share. */
export interface ClaimWriterParams {
  /** The store's URL without credentials; null for the engine of the data folder. */
  readonly storeUrl: string | null
  readonly database: string
  readonly redisUrl: string | null
  /** Said by the operator: no other machine writes to this store. */
  readonly isSingleWriter: boolean
  readonly signal: AbortSignal
}

/**
 * Refuses a second process that would write without locks which the first one sees. ClickHouse decides no race, so:
 *
 * - with Redis, everybody sees its locks, and nothing is claimed;
 * - without, the engine of a data folder is written by processes that share the folder's locks, and nothing is claimed;
 * - without, a server on this machine has one writer at a time: a lock of this machine's user, whichever data folder the
 *   processes have;
 * - without, a server elsewhere may have writers that nobody here can see: it is refused until the operator says that
 *   there are none, and then has one writer on this machine.
 *
 * Returns the claim, to be closed at the end, or null where none is needed.
 *
 * @throws StorageError `locked` naming the process that writes; InputError for a server elsewhere.
 */
export async function claimWriter(params: ClaimWriterParams): Promise<FolderLock | null> {
  const { database, isSingleWriter, redisUrl, signal, storeUrl } = params
  if (redisUrl !== null || storeUrl === null) return null
  const { host, hostname } = new URL(storeUrl)
  if (!isLoopback(hostname) && !isSingleWriter) {
    throw new InputError({
      field: 'REDIS_URL',
      problem: `is not set, but the store at ${host} can be written by other machines, whose locks this one does not see`,
      hint: 'set it to a Redis that all of them use, or set BENCHMARK_SINGLE_WRITER=1 if no other machine writes',
    })
  }
  const store = createHash('sha256').update(`${host} ${database}`).digest('hex').slice(0, 16)
  try {
    return await acquireFolderLock({
      folder: join(tmpdir(), `subnetkit-writers-${userInfo().uid}`),
      name: `benchmark-${store}`,
      signal,
    })
  } catch (error) {
    if (!isStorageError(error, 'locked')) throw error
    const pid = error.details['pid']
    throw new StorageError({
      code: 'locked',
      message: `${database} at ${host} is being written by ${typeof pid === 'number' ? `process ${pid}` : 'another process'}, and without Redis only one process may write; wait for it to end, or set REDIS_URL for both`,
      cause: error,
      details: { pid: pid ?? null, host, database },
    })
  }
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname)
}
