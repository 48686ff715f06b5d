import { isAbortError } from './abort.ts'
import type { Clock } from './clock.ts'
import { TaskTimeoutError } from './task-errors.ts'

/** What bounds one piece of work. */
export interface WorkLimits {
  /** Shown in the timeout error. */
  readonly name: string
  readonly clock: Clock
  /** Absent: no time limit. In ms. */
  readonly timeLimitMs?: number
  readonly signal?: AbortSignal
  /** After an abort the work has this long to end by itself, in ms; then it is given up. */
  readonly graceMs: number
  readonly onAbandoned: () => void
}

/**
 * Runs `work` with a signal that is aborted by the time limit or the outer signal. An aborted work is not cut off at
 * once: it gets the grace period to finish its step, and if it still completes, its result counts.
 */
export async function runWithinLimit<Result>(
  limits: WorkLimits,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const { clock, timeLimitMs, signal: outer } = limits
  const own = new AbortController()
  const ended = new AbortController()
  const forward = (): void => own.abort(outer?.reason)
  if (outer?.aborted === true) forward()
  else outer?.addEventListener('abort', forward, { once: true })
  if (timeLimitMs !== undefined) {
    after(clock, timeLimitMs, ended.signal, () => own.abort(new TaskTimeoutError(limits.name, timeLimitMs)))
  }
  try {
    return await Promise.race([work(own.signal), abandonment(limits, own.signal, ended.signal)])
  } catch (error) {
    // A client that was aborted reports its own AbortError; what matters is why it was aborted.
    if (own.signal.aborted && isAbortError(error)) throw own.signal.reason
    throw error
  } finally {
    outer?.removeEventListener('abort', forward)
    ended.abort()
  }
}

function abandonment(limits: WorkLimits, aborted: AbortSignal, ended: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const startGrace = (): void => {
      after(limits.clock, limits.graceMs, ended, () => {
        limits.onAbandoned()
        reject(aborted.reason)
      })
    }
    if (aborted.aborted) startGrace()
    else aborted.addEventListener('abort', startGrace, { once: true })
  })
}

function after(clock: Clock, ms: number, unless: AbortSignal, action: () => void): void {
  clock.sleep(ms, unless).then(action, () => {
    // The work ended first.
  })
}
