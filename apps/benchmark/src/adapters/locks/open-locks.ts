import { randomUUID } from 'node:crypto'
import { join } from 'node:path'

import type { Clock } from '@subnetkit/core'

import { type BenchmarkLocks, isOfMachine } from '../../ports/locks.ts'
import { openFolderLocks } from './folder-locks.ts'

/** Where locks are kept. */
export interface OpenLocksParams {
  readonly dataFolder: string
  /** Null: the locks are those of the data folder, which hold on one machine. */
  readonly redisUrl: string | null
  readonly clock: Clock
  readonly signal: AbortSignal
}

/** Where the locks of a data folder lie. */
function lockFolder(dataFolder: string): string {
  return join(dataFolder, 'benchmark', 'locks')
}

/**
 * Opens the locks that all processes of one benchmark share: Redis where there is one, else the data folder's. What lies on a
 * machine's disk is locked in the data folder either way.
 *
 * @throws StorageError `unavailable` when Redis does not answer.
 */
export async function openLocks({
  clock,
  dataFolder,
  redisUrl,
  signal,
}: OpenLocksParams): Promise<BenchmarkLocks> {
  const ofMachine = openFolderLocks(lockFolder(dataFolder))
  if (redisUrl === null) return ofMachine
  const { openRedisLocks } = await import('./open-redis-locks.ts')
  const shared = await openRedisLocks({ url: redisUrl, newToken: randomUUID, clock, signal })
  return {
    reach: 'redis',
    acquire: async (params) => await (isOfMachine(params.name) ? ofMachine : shared).acquire(params),
    [Symbol.asyncDispose]: async () => {
      await ofMachine[Symbol.asyncDispose]()
      await shared[Symbol.asyncDispose]()
    },
  }
}
