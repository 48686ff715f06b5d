/** When a breaker opens and for how long. */
export interface BreakerSettings {
  /** Failures in a row, with no answer between them, that open it. At least 1. */
  readonly failures: number
  /** How long it stays open before one call may try, in ms. */
  readonly openMs: number
}

/**
 * How a breaker stands: `closed` lets every call through, `open` none, `half_open` has let one through to see whether the
 * store answers again. `turn` grows with each change, so that calls of an earlier turn, which end late, decide nothing.
 */
export type BreakerState =
  | { readonly kind: 'closed'; readonly turn: number; readonly failures: number }
  | { readonly kind: 'open'; readonly turn: number; readonly sinceMs: number }
  | { readonly kind: 'half_open'; readonly turn: number }

/** How a call that was let through ended: the store answered, it did not, or the caller gave up first. */
export type BreakerOutcome = 'answered' | 'failed' | 'abandoned'

/** Closed, with nothing seen yet. */
export const CLOSED_BREAKER: BreakerState = { kind: 'closed', turn: 0, failures: 0 }

/** Whether a call may go through now; when it is the one that tries, the state is `half_open` from then on. */
export function admitCall(
  state: BreakerState,
  nowMs: number,
  { openMs }: BreakerSettings,
): Readonly<{ state: BreakerState; isAdmitted: boolean }> {
  if (state.kind === 'closed') return { state, isAdmitted: true }
  if (state.kind === 'half_open' || nowMs - state.sinceMs < openMs) return { state, isAdmitted: false }
  return { state: { kind: 'half_open', turn: state.turn + 1 }, isAdmitted: true }
}

/** The state after a call of turn `turn` ended. */
export function settleCall(
  state: BreakerState,
  { turn, outcome, nowMs }: Readonly<{ turn: number; outcome: BreakerOutcome; nowMs: number }>,
  { failures, openMs }: BreakerSettings,
): BreakerState {
  if (turn !== state.turn || state.kind === 'open') return state
  const opened = { kind: 'open', turn: turn + 1, sinceMs: nowMs } as const
  if (state.kind === 'half_open') {
    if (outcome === 'answered') return { kind: 'closed', turn: turn + 1, failures: 0 }
    // Who gave up learned nothing: the next call may try at once.
    return outcome === 'failed' ? opened : { ...opened, sinceMs: nowMs - openMs }
  }
  if (outcome === 'abandoned') return state
  if (outcome === 'answered') return state.failures === 0 ? state : { ...state, failures: 0 }
  return state.failures + 1 >= failures ? opened : { ...state, failures: state.failures + 1 }
}
