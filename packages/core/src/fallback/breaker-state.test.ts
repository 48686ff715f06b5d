import { expect, it } from 'vitest'

import {
  admitCall,
  CLOSED_BREAKER,
  settleCall,
  type BreakerOutcome,
  type BreakerState,
} from './breaker-state.ts'

const settings = { failures: 3, openMs: 1_000 }

function after(state: BreakerState, outcomes: readonly BreakerOutcome[], nowMs = 0): BreakerState {
  return outcomes.reduce(
    (now, outcome) => settleCall(now, { turn: now.turn, outcome, nowMs }, settings),
    state,
  )
}

const open = after(CLOSED_BREAKER, ['failed', 'failed', 'failed'])

it('opens after failures in a row, and not when an answer came between', () => {
  expect(after(CLOSED_BREAKER, ['failed', 'failed', 'answered', 'failed', 'failed']).kind).toBe('closed')
  expect(after(CLOSED_BREAKER, ['failed', 'abandoned', 'failed', 'abandoned']).kind).toBe('closed')
  expect(open).toStrictEqual({ kind: 'open', turn: 1, sinceMs: 0 })
})

it('lets nobody through until its time is over, then one', () => {
  expect(admitCall(open, 999, settings)).toStrictEqual({ state: open, isAdmitted: false })
  const probing = admitCall(open, 1_000, settings)
  expect(probing).toStrictEqual({ state: { kind: 'half_open', turn: 2 }, isAdmitted: true })
  expect(admitCall(probing.state, 9_999, settings).isAdmitted).toBe(false)
})

it('closes when the one got an answer, stays open when it failed, and lets the next try when it gave up', () => {
  const { state } = admitCall(open, 1_000, settings)
  const settle = (outcome: BreakerOutcome): BreakerState =>
    settleCall(state, { turn: 2, outcome, nowMs: 1_500 }, settings)
  expect(settle('answered')).toStrictEqual({ kind: 'closed', turn: 3, failures: 0 })
  expect(admitCall(settle('failed'), 2_499, settings).isAdmitted).toBe(false)
  expect(admitCall(settle('failed'), 2_500, settings).isAdmitted).toBe(true)
  expect(admitCall(settle('abandoned'), 1_500, settings).isAdmitted).toBe(true)
})

it('is not moved by calls that began before it changed', () => {
  const late = { turn: 0, nowMs: 1_200 }
  const { state } = admitCall(open, 1_000, settings)
  for (const outcome of ['answered', 'failed', 'abandoned'] as const) {
    expect(settleCall(open, { ...late, outcome }, settings)).toBe(open)
    expect(settleCall(state, { ...late, outcome }, settings)).toBe(state)
  }
})
