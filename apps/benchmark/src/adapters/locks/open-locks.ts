import { randomUUID } from 'node:crypto'
import { join } from 'node:path'

import type { Clock } from '@subnetkit/core'

import type { BenchmarkLocks } from '../../ports/locks.ts'
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
 * Opens the locks that all processes of one benchmark share: Redis where there is one, else the data folder's.
 *
 * @throws StorageError `unavailable` when Redis does not answer.
 */
export async function openLocks({
  clock,
  dataFolder,
  redisUrl,
  signal,
}: OpenLocksParams): Promise<BenchmarkLocks> {
  if (redisUrl === null) return openFolderLocks(lockFolder(dataFolder))
  const { openRedisLocks } = await import('./open-redis-locks.ts')
  return await openRedisLocks({
    url: redisUrl,
    newToken: randomUUID,
    clock,
    signal,
  })
}
