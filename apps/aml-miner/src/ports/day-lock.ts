import type { DayKey } from '@subnetkit/core'

/** Holds a day, so that two runs of the same network, date and window never write at once. */
export interface DayLock {
  /**
   * Waits a little for the day, then holds it until it is disposed of; a dead holder's lock is free.
   *
   * @throws StorageError `locked` naming the holder when somebody else keeps it.
   */
  acquire(key: DayKey, signal?: AbortSignal): Promise<AsyncDisposable>
}
