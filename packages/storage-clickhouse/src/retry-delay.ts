/** How often a statement is tried, and how long to wait in between. */
export interface RetryPolicy {
  readonly attempts: number
  readonly baseMs: number
  readonly maxMs: number
}

/**
 * Pause after the given failed attempt (1 is the first), in milliseconds: full jitter over a doubling, capped range, so
 * that clients which failed together do not come back together.
 */
export function retryDelayMs(policy: RetryPolicy, attempt: number, random: () => number): number {
  const range = Math.min(policy.maxMs, policy.baseMs * 2 ** (attempt - 1))
  return Math.floor(range * random())
}
