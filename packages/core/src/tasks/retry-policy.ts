import { isStorageError } from '../errors/storage-error.ts'

/** How often and how patiently a step is repeated. Repeating must be safe: only idempotent steps get a policy. */
export interface RetryPolicy {
  /** Attempts in all, the first one included; at least 1. */
  readonly attempts: number
  /** The longest pause after the first failure, in ms; it doubles with each further failure. @default 500 */
  readonly baseDelayMs?: number
  /** No pause is longer than this, in ms. @default 30000 */
  readonly maxDelayMs?: number
  /** Which failures may be repeated. @default those that a store marks as retryable */
  readonly isRetryable?: (error: unknown) => boolean
}

/** True for a `StorageError` that says a later call may succeed. */
export function isRetryableStorageError(error: unknown): boolean {
  return isStorageError(error) && error.retryable
}

/** True when `policy` allows a further attempt after the failed attempt number `attempt` (from 1). */
export function mayRetry(policy: RetryPolicy | undefined, attempt: number, error: unknown): boolean {
  if (policy === undefined || attempt >= policy.attempts) return false
  return (policy.isRetryable ?? isRetryableStorageError)(error)
}

/**
 * The pause after failed attempt number `attempt` (from 1), in ms: a random share of the doubling cap, but at least half
 * of it, so that workers that failed together do not come back together. `random` is in [0, 1).
 */
export function retryDelayMs(policy: RetryPolicy, attempt: number, random: () => number): number {
  const cap = Math.min((policy.baseDelayMs ?? 500) * 2 ** (attempt - 1), policy.maxDelayMs ?? 30_000)
  return Math.round(cap / 2 + (cap / 2) * random())
}
