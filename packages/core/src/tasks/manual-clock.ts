import { throwIfAborted } from './abort.ts'
import type { Clock } from './clock.ts'

/** A clock that stands still until it is told to move. */
export interface ManualClock extends Clock {
  /** Moves time on and wakes sleepers in the order of their times; resolves when what they woke has had its turn. */
  advance(ms: number): Promise<void>
  /** The pauses that were asked for so far, in ms, in order. */
  readonly sleeps: readonly number[]
}

interface Sleeper {
  readonly wakeAtMs: number
  readonly wake: () => void
}

/** For tests of anything that waits, retries or expires: no test has to wait for real. Starts at `startMs` since 1970. */
export function createManualClock(startMs = 0): ManualClock {
  let nowMs = startMs
  const sleeps: number[] = []
  const sleepers = new Set<Sleeper>()

  const sleep = async (ms: number, signal?: AbortSignal): Promise<void> => {
    throwIfAborted(signal)
    sleeps.push(ms)
    await new Promise<void>((resolve, reject) => {
      const onAbort = (): void => {
        sleepers.delete(sleeper)
        reject(signal?.reason)
      }
      const wake = (): void => {
        sleepers.delete(sleeper)
        signal?.removeEventListener('abort', onAbort)
        resolve()
      }
      const sleeper: Sleeper = { wakeAtMs: nowMs + ms, wake }
      sleepers.add(sleeper)
      signal?.addEventListener('abort', onAbort, { once: true })
    })
  }

  const advance = async (ms: number): Promise<void> => {
    const endMs = nowMs + ms
    await turn()
    for (;;) {
      const next = [...sleepers]
        .filter(({ wakeAtMs }) => wakeAtMs <= endMs)
        .sort((a, b) => a.wakeAtMs - b.wakeAtMs)[0]
      if (next === undefined) break
      nowMs = Math.max(nowMs, next.wakeAtMs)
      next.wake()
      await turn()
    }
    nowMs = endMs
    await turn()
  }

  return { now: () => new Date(nowMs), monotonicMs: () => nowMs, sleep, advance, sleeps }
}

/** One turn of the event loop: every promise that can settle has settled. */
async function turn(): Promise<void> {
  await new Promise<void>((resolve) => {
    setImmediate(resolve)
  })
}
