import { describe, expect, it } from 'vitest'

import { agentTime, buildEvaluationRun, buildScoredRun } from '../contracts/agent-builders.ts'
import type { EvaluationRun } from '../models/evaluation-run.ts'
import { advanceRun, cancelRun, killRun } from './evaluation-run-rules.ts'

const started = buildEvaluationRun()
const at = (fields: Partial<EvaluationRun>): EvaluationRun => ({ ...started, ...fields })
const patched = at({ status: 'patch_generated', response: 'diff', patchGeneratedAt: agentTime(2) })
const scored = buildScoredRun({
  ...at({ status: 'result_scored', solved: true, resultScoredAt: agentTime(9) }),
})
const conflict = (reason: string): unknown =>
  expect.objectContaining({ code: 'conflict', details: expect.objectContaining({ reason }) })

describe('advanceRun', () => {
  it('takes the first report, and later stages over earlier ones', () => {
    expect(advanceRun(null, started)).toBe(started)
    expect(advanceRun(started, patched)).toStrictEqual(patched)
    expect(advanceRun(null, scored)).toBe(scored)
  })

  it('keeps the times that were known and the first start', () => {
    const next = advanceRun(patched, { ...scored, startedAt: agentTime(5) })
    expect(next).toStrictEqual({ ...scored, patchGeneratedAt: agentTime(2) })
  })

  it('never goes back', () => {
    expect(advanceRun(patched, started)).toBe(patched)
    expect(advanceRun(scored, patched)).toBe(scored)
    expect(advanceRun(scored, { ...scored })).toBe(scored)
  })

  it.each([
    ['another verdict', scored, { ...scored, solved: false }, 'run_over'],
    ['what comes after a cancellation', cancelRun(patched, 'gone'), scored, 'run_over'],
    ['another run of the same problem', patched, { ...scored, runId: buildScoredRun().runId }, 'other_run'],
  ])('refuses %s', (_name, stored, report, reason) => {
    expect(() => advanceRun(stored, report)).toThrow(conflict(reason))
  })

  it.each<readonly [string, Partial<EvaluationRun>]>([
    ['a verdict before the last stage', { solved: false }],
    ['a last stage without verdict', { status: 'result_scored', resultScoredAt: agentTime(1) }],
    ['a last stage without time', { status: 'result_scored', solved: true }],
    ['the time of a stage that is not reached', { resultScoredAt: agentTime(1) }],
    ['a validator that cancels', { status: 'cancelled' }],
  ])('refuses %s', (_name, fields) => {
    expect(() => advanceRun(null, at(fields))).toThrow(expect.objectContaining({ code: 'invalid_input' }))
  })
})

describe('a run that does not end by itself', () => {
  it('is unsolved when it was killed, without verdict when its attempt was cut off', () => {
    expect(killRun(patched, { reason: 'time is up', now: agentTime(7) })).toStrictEqual({
      ...patched,
      status: 'result_scored',
      solved: false,
      error: 'time is up',
      resultScoredAt: agentTime(7),
    })
    expect(cancelRun(patched, 'gone')).toStrictEqual({ ...patched, status: 'cancelled', error: 'gone' })
    expect(cancelRun({ ...patched, error: 'out of memory' }, 'gone').error).toBe('out of memory')
  })

  it('stays as it is once it has ended', () => {
    expect(killRun(scored, { reason: 'x', now: agentTime(7) })).toBe(scored)
    expect(cancelRun(scored, 'x')).toBe(scored)
  })
})
