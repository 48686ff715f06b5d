import {
  type Clock,
  isRetryableStorageError,
  type Logger,
  type RetryPolicy,
  retryDelayMs,
} from '@subnetkit/core'

/** How a step is repeated while the store throttles, times out or cannot be reached. */
const POLICY: RetryPolicy = { attempts: 200, baseDelayMs: 50, maxDelayMs: 2_000 }

/** What repeating works with. */
export interface RetriedStepsParams {
  readonly clock: Clock
  /** In [0, 1). */
  readonly random: () => number
  readonly log: Logger
  /** Ends the repeating: a lease that is lost, a wish to stop. */
  readonly signal: AbortSignal
}

/**
 * Runs steps that are safe to repeat, again and again while the store asks for patience, until `signal` ends. Any other
 * failure is thrown at once. A step that succeeded counts, also after the signal.
 */
export function retriedSteps(
  params: RetriedStepsParams,
): <T>(name: string, run: () => Promise<T>) => Promise<T> {
  const { clock, random, log, signal } = params
  return async (name, run) => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await run()
      } catch (error) {
        if (!isRetryableStorageError(error) || attempt >= POLICY.attempts) throw error
        signal.throwIfAborted()
        const delayMs = retryDelayMs(POLICY, attempt, random)
        log.debug({ step: name, attempt, delayMs, err: error }, 'the store asks for patience')
        await clock.sleep(delayMs, signal)
      }
    }
  }
}
