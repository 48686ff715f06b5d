import { acquireFolderLock, type FolderLock } from '@subnetkit/core/local-service'

import type { BenchmarkLocks, HeldBenchmarkLock } from '../../ports/locks.ts'

/**
 * Locks of the kernel on files of one folder: they hold between the processes of one machine, and between two holders in
 * one process; a holder that is killed frees them. They are never lost while the process lives.
 */
export function openFolderLocks(folder: string): BenchmarkLocks {
  const held = new Set<FolderLock>()
  const neverLost = new AbortController().signal
  return {
    reach: 'data-folder',
    acquire: async ({ name, waitMs, signal }): Promise<HeldBenchmarkLock> => {
      const lock = await acquireFolderLock({ folder, name, waitMs, signal })
      held.add(lock)
      return {
        name,
        lost: neverLost,
        [Symbol.asyncDispose]: async () => {
          held.delete(lock)
          await lock.close()
        },
      }
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all([...held].map(async (lock) => await lock.close()))
      held.clear()
    },
  }
}
