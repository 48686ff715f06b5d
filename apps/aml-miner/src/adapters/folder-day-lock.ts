import { join } from 'node:path'

import { acquireFolderLock } from '@subnetkit/core/local-service'

import type { DayLock } from '../ports/day-lock.ts'

const WAIT_MS = 5_000

/** Locks days in the data folder: one run of a day per machine. */
export function folderDayLock(dataDir: string): DayLock {
  return {
    acquire: async ({ network, processingDate, windowDays }, signal) =>
      await acquireFolderLock({
        folder: join(dataDir, 'locks'),
        name: `${network}-${processingDate}-${windowDays}`,
        waitMs: WAIT_MS,
        signal,
      }),
  }
}
