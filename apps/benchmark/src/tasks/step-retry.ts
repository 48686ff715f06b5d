import type { RetryPolicy } from '@subnetkit/core'

/**
 * How steps are repeated: only for what a store, the network or the machine says may go better later. A submission's own
 * fault is an answer of its step, not a failure, and is never tried again.
 */
export const stepRetry: RetryPolicy = { attempts: 3, baseDelayMs: 1_000, maxDelayMs: 15_000 }
