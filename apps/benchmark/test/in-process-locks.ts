import type { BenchmarkLocks, HeldBenchmarkLock } from '../src/ports/locks.ts'

/** Locks within one process, for tests of what is under a lock and not of locks. */
export function inProcessLocks(): BenchmarkLocks & { readonly taken: string[] } {
  const queues = new Map<string, Promise<void>>()
  const taken: string[] = []
  return {
    reach: 'data-folder',
    taken,
    async acquire({ name, signal }): Promise<HeldBenchmarkLock> {
      const before = queues.get(name) ?? Promise.resolve()
      let release = (): void => {}
      queues.set(
        name,
        before.then(
          () =>
            new Promise<void>((resolve) => {
              release = resolve
            }),
        ),
      )
      await before
      signal.throwIfAborted()
      taken.push(name)
      return {
        name,
        lost: new AbortController().signal,
        [Symbol.asyncDispose]: async () => {
          release()
        },
      }
    },
    [Symbol.asyncDispose]: async () => {},
  }
}
