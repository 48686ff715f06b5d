import { describe, expect, it } from 'vitest'

import { agentNow, agentTime, buildEvaluation } from '../contracts/agent-builders.ts'
import { evaluationStatuses, MAX_EVALUATION_ATTEMPTS } from '../models/evaluation.ts'
import {
  awaitsNextAttempt,
  beginEvaluation,
  finishEvaluation,
  interruptEvaluation,
  mayFollow,
  reopenEvaluation,
  withdrawEvaluation,
} from './evaluation-rules.ts'

const legal = [
  'waiting running',
  'waiting replaced',
  'waiting cancelled',
  'running completed',
  'running error',
  'running timedout',
  'running disconnected',
  'timedout waiting',
  'disconnected waiting',
]
const completed = { status: 'completed', reason: null } as const
const failed = { status: 'error', reason: 'no network' } as const
const waiting = buildEvaluation()
const running = beginEvaluation(waiting, agentTime(1))
const conflict = (reason: string): unknown =>
  expect.objectContaining({ code: 'conflict', details: expect.objectContaining({ reason }) })

describe('evaluation states', () => {
  it('follow each other as listed, and in no other way', () => {
    const allowed = evaluationStatuses.flatMap((from) =>
      evaluationStatuses.filter((to) => mayFollow(from, to)).map((to) => `${from} ${to}`),
    )
    expect(allowed.toSorted()).toStrictEqual(legal.toSorted())
  })

  it.each(evaluationStatuses)('are what every step asks for: %s', (status) => {
    const evaluation = buildEvaluation({ status, attempt: 1 })
    const steps = {
      running: () => beginEvaluation(evaluation, agentNow),
      error: () =>
        finishEvaluation(evaluation, { ...evaluation, outcome: failed, score: null, now: agentNow }),
      timedout: () => interruptEvaluation(evaluation, { status: 'timedout', reason: 'x', now: agentNow }),
      waiting: () => reopenEvaluation(evaluation),
      replaced: () => withdrawEvaluation(evaluation, { status: 'replaced', reason: 'x', now: agentNow }),
    } as const
    for (const to of ['running', 'error', 'timedout', 'waiting', 'replaced'] as const) {
      if (mayFollow(status, to)) expect(steps[to]().status).toBe(to)
      else if (status === to && (to === 'error' || to === 'replaced')) expect(steps[to]()).toBe(evaluation)
      else expect(steps[to]).toThrow(conflict('illegal_step'))
    }
  })
})

describe('finishEvaluation', () => {
  const finish = { ...running, outcome: completed, score: 0.5, now: agentTime(9) }

  it('scores and dates a completed one; its own repetition changes nothing', () => {
    const done = finishEvaluation(running, finish)
    expect(done).toStrictEqual({ ...running, status: 'completed', score: 0.5, finishedAt: agentTime(9) })
    expect(finishEvaluation(done, { ...finish, score: 0.1, now: agentTime(99) })).toBe(done)
    expect(() => finishEvaluation(done, { ...finish, outcome: failed })).toThrow(conflict('illegal_step'))
  })

  it('keeps the reason of an error, with whatever score there is', () => {
    expect(finishEvaluation(running, { ...finish, outcome: failed, score: null })).toMatchObject({
      status: 'error',
      terminatedReason: 'no network',
      score: null,
    })
  })

  it.each([
    ['another validator', { validatorHotkey: '5Other' }, 'not_owner'],
    ['an attempt that is over', { attempt: 2 }, 'attempt_over'],
    ['a completed one without runs', { score: null }, 'no_runs'],
  ])('refuses %s', (_name, fields, reason) => {
    expect(() => finishEvaluation(running, { ...finish, ...fields })).toThrow(conflict(reason))
  })
})

describe('an interrupted evaluation', () => {
  const interrupt = { status: 'disconnected', reason: 'socket closed', now: agentTime(5) } as const

  it('waits anew at its old place, as the next attempt', () => {
    const cut = interruptEvaluation({ ...running, score: 0.2 }, interrupt)
    expect(cut).toMatchObject({ status: 'disconnected', score: null, terminatedReason: 'socket closed' })
    expect(awaitsNextAttempt(cut)).toBe(true)
    expect(reopenEvaluation(cut)).toStrictEqual({ ...waiting, attempt: 2 })
  })

  it('ends with its last attempt', () => {
    const last = interruptEvaluation({ ...running, attempt: MAX_EVALUATION_ATTEMPTS }, interrupt)
    expect(awaitsNextAttempt(last)).toBe(false)
    expect(() => reopenEvaluation(last)).toThrow(conflict('attempts_over'))
  })
})
