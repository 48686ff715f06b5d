import { throwIfAborted } from './abort.ts'

/** Time as tasks see it. Entry points make the real one with {@link createClock}; tests make their own. */
export interface Clock {
  /** The date and time, for what is stored or shown. It may jump. */
  now(): Date
  /** Milliseconds that only grow, for durations; their zero means nothing. */
  monotonicMs(): number
  /** Resolves after `ms` milliseconds, or rejects at once with the signal's reason. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

/** Where a {@link Clock} reads: `Date.now` and `performance.now` at an entry point. */
export interface ClockSources {
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Milliseconds that only grow. @default now */
  readonly monotonicMs?: () => number
}

/** The machine's clock; its sleep holds the process alive only until it ends or is aborted. */
export function createClock(sources: ClockSources): Clock {
  return {
    now: () => new Date(sources.now()),
    monotonicMs: sources.monotonicMs ?? sources.now,
    sleep: sleepOnTimer,
  }
}

/** Longest delay that a Node timer takes; a longer one would fire at once. */
const MAX_TIMER_MS = 2_147_483_647

async function sleepOnTimer(ms: number, signal?: AbortSignal): Promise<void> {
  throwIfAborted(signal)
  await new Promise<void>((resolve, reject) => {
    const onAbort = (): void => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    const timer = setTimeout(
      () => {
        signal?.removeEventListener('abort', onAbort)
        resolve()
      },
      Math.min(Math.max(0, ms), MAX_TIMER_MS),
    )
    signal?.addEventListener('abort', onAbort, { once: true })
  })
}
