import { Counter, Gauge } from 'prom-client'

import type { Metrics } from '../observability/create-metrics.ts'
import type { BreakerKind } from './circuit-breaker.ts'

/** Who was asked: the store that decides, the one that copies, or the outbox between them. */
export type FallbackStore = 'primary' | 'fallback' | 'outbox'

/** How it went: an answer, a refusal (not found, conflict …), no answer, given up by the caller, or not even asked. */
export type FallbackOutcome = 'ok' | 'refused' | 'failed' | 'aborted' | 'skipped'

/** Where a registry with a fallback tells how it fares. */
export interface FallbackMetrics {
  /** @param operation such as `agents.find`; never a key or a value. */
  called(operation: string, store: FallbackStore, outcome: FallbackOutcome): void
  /** A read that the copy answered. */
  fellBack(operation: string): void
  breaker(store: FallbackStore, state: BreakerKind): void
}

const levels: Readonly<Record<BreakerKind, number>> = { closed: 0, half_open: 1, open: 2 }

/** Declares the metrics; once per registry. */
export function createFallbackMetrics({ registry }: Pick<Metrics, 'registry'>): FallbackMetrics {
  const registers = [registry]
  const calls = new Counter({
    name: 'subnetkit_fallback_calls_total',
    help: 'Calls of a registry with a fallback, by operation, store and outcome.',
    labelNames: ['operation', 'store', 'outcome'],
    registers,
  })
  const fallbacks = new Counter({
    name: 'subnetkit_fallbacks_total',
    help: 'Reads that the copy answered since the store that decides did not.',
    labelNames: ['operation'],
    registers,
  })
  const breaker = new Gauge({
    name: 'subnetkit_fallback_breaker_state',
    help: 'Of a store: 0 asked, 1 tried by one call, 2 not asked.',
    labelNames: ['store'],
    registers,
  })
  for (const store of ['primary', 'outbox']) breaker.set({ store }, 0)
  return {
    called: (operation, store, outcome) => calls.inc({ operation, store, outcome }),
    fellBack: (operation) => fallbacks.inc({ operation }),
    breaker: (store, state) => breaker.set({ store }, levels[state]),
  }
}
