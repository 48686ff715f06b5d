import { createHash } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'

/** How leftovers are resent. */
export interface BackoffOptions {
  /** Tries of the same work, the first included. @default 8 */
  readonly maxAttempts?: number
  /** Upper bound of the first pause, in milliseconds; each further one doubles. @default 50 */
  readonly baseDelayMs?: number
  /** No pause is longer, in milliseconds. @default 5000 */
  readonly maxDelayMs?: number
}

/** Options with their defaults. */
export const DEFAULT_BACKOFF = {
  maxAttempts: 8,
  baseDelayMs: 50,
  maxDelayMs: 5_000,
} as const satisfies Required<BackoffOptions>

/**
 * The pause before try number `attempt` (the second try is 2), between half and all of the exponential bound. The
 * jitter comes from `seed`, the work that is left: two writers with different work never march in step, and a test
 * sees the same pauses each time.
 */
export function backoffDelayMs(attempt: number, seed: string, options: BackoffOptions = {}): number {
  const { baseDelayMs, maxDelayMs } = { ...DEFAULT_BACKOFF, ...options }
  const bound = Math.min(maxDelayMs, baseDelayMs * 2 ** Math.max(0, attempt - 2))
  const digest = createHash('sha256').update(`${attempt}\n${seed}`).digest()
  return Math.round(bound * (0.5 + digest.readUInt32BE(0) / 2 ** 33))
}

/** Waits; an abort ends it with the signal's own reason. */
export async function pause(delayMs: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await delay(delayMs, undefined, signal === undefined ? {} : { signal })
  } catch (error) {
    signal?.throwIfAborted()
    throw error
  }
}
