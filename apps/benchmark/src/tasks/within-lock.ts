import type { BenchmarkLocks } from '../ports/locks.ts'

/** How long a step waits for another that writes the same thing, in ms. Each holds its lock for a few statements only. */
const WAIT_MS = 600_000

/**
 * Does what must not be done twice at once. The signal that `use` gets aborts with the caller's and when the lock is lost.
 *
 * @throws StorageError `locked` when others hold it for ten minutes.
 */
export async function withinLock<T>(
  locks: BenchmarkLocks,
  name: string,
  signal: AbortSignal,
  use: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  await using lock = await locks.acquire({ name, waitMs: WAIT_MS, signal })
  return await use(AbortSignal.any([signal, lock.lost]))
}
