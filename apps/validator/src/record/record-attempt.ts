import { type Clock, type Logger, runWithinLimit } from '@subnetkit/core'

import type { RecordCall, RecordMetrics } from './record-metrics.ts'
import type { WorkBudget } from './work-budget.ts'

/** A call of the record that takes longer is given up: nothing waits for it but the record itself. */
const CALL_LIMIT_MS = 30_000

/** Makes one call of a store under a time limit; null when it failed. @throws only when the record has ended. */
export type RecordAttempt = <T>(
  kind: RecordCall,
  call: (options: { readonly signal: AbortSignal }) => Promise<T>,
) => Promise<T | null>

/** What calls are made with. */
export interface RecordAttemptDeps {
  readonly clock: Clock
  readonly log: Pick<Logger, 'warn'>
  readonly metrics: RecordMetrics
  readonly budget: WorkBudget
  /** Waits while a pass over the weights is at work. @throws when the record has ended. */
  readonly standAside: () => Promise<void>
  /** Of the record's end. */
  readonly signal: AbortSignal
  readonly onFailure: () => void
}

/** The one way in which the record calls a store: what fails is told and counted, and goes no further. */
export function recordAttempts(deps: RecordAttemptDeps): RecordAttempt {
  const { budget, clock, log, metrics, onFailure, signal, standAside } = deps
  return async (kind, call) => {
    await standAside()
    const startedMs = clock.monotonicMs()
    let hasFailed = false
    const limits = { name: `record ${kind}`, clock, timeLimitMs: CALL_LIMIT_MS, signal, graceMs: 0 }
    try {
      return await runWithinLimit({ ...limits, onAbandoned: () => undefined }, async (ownSignal) => {
        const calledMs = clock.monotonicMs()
        const answer = call({ signal: ownSignal })
        // Until it gives the thread back: what comes later is waiting.
        budget.spend(clock.monotonicMs() - calledMs, false)
        return await answer
      })
    } catch (error) {
      signal.throwIfAborted()
      hasFailed = true
      onFailure()
      log.warn(
        { err: error, call: kind },
        'a part of the record failed and is tried again; weights are not affected',
      )
      return null
    } finally {
      metrics.called(kind, clock.monotonicMs() - startedMs, hasFailed)
    }
  }
}
