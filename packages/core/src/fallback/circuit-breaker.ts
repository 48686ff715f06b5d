import type { Clock } from '../tasks/clock.ts'
import {
  admitCall,
  CLOSED_BREAKER,
  settleCall,
  type BreakerOutcome,
  type BreakerSettings,
  type BreakerState,
} from './breaker-state.ts'

/** How a breaker stands, as logs and metrics name it. */
export type BreakerKind = BreakerState['kind']

/** What a breaker is made with. */
export interface CircuitBreakerParams {
  readonly settings: BreakerSettings
  readonly clock: Pick<Clock, 'monotonicMs'>
  /** Told of each change, once. */
  readonly onSwitch: (to: BreakerKind, from: BreakerKind) => void
}

/** Keeps calls from a store that does not answer, for one process; the rules are in `admitCall` and `settleCall`. */
export class CircuitBreaker {
  readonly #params: CircuitBreakerParams
  #state = CLOSED_BREAKER

  constructor(params: CircuitBreakerParams) {
    this.#params = params
  }

  /** How it stands now. */
  get state(): BreakerKind {
    return this.#state.kind
  }

  /** Null when the call must not be made; else what to call, once, when it ended. */
  admit(): ((outcome: BreakerOutcome) => void) | null {
    const { settings, clock } = this.#params
    const { state, isAdmitted } = admitCall(this.#state, clock.monotonicMs(), settings)
    this.#become(state)
    if (!isAdmitted) return null
    const { turn } = state
    return (outcome) => {
      const nowMs = clock.monotonicMs()
      this.#become(settleCall(this.#state, { turn, outcome, nowMs }, settings))
    }
  }

  #become(state: BreakerState): void {
    const from = this.#state.kind
    this.#state = state
    if (state.kind !== from) this.#params.onSwitch(state.kind, from)
  }
}
