import { buildEvaluationRun, buildScoredRun } from '@subnetkit/core/contracts'
import { describe, expect, it } from 'vitest'

import { settleRun, type RunsEvaluation } from './settle-evaluation.ts'

const finishedAt = new Date('2025-06-27T09:40:00.000Z')
const ended: RunsEvaluation = { status: 'completed', finishedAt, isQueued: false }
const open = buildEvaluationRun({ status: 'patch_generated', solved: null })

describe('settleRun', () => {
  it.each(['completed', 'error'] as const)('scores what was left open in one that is %s', (status) => {
    const killed = settleRun({ ...open, error: 'more than 2 GiB' }, { ...ended, status })
    expect(killed).toMatchObject({ status: 'result_scored', solved: false, error: 'more than 2 GiB' })
    expect(killed.resultScoredAt).toStrictEqual(finishedAt)
    expect(settleRun(open, ended).error).toMatch(/left open/)
  })

  it.each(['timedout', 'disconnected', 'replaced', 'cancelled', 'waiting'] as const)(
    'cancels what was open in one that is %s',
    (status) => {
      const cancelled = settleRun(open, { ...ended, status })
      expect(cancelled).toMatchObject({ status: 'cancelled', solved: null, resultScoredAt: null })
      expect(cancelled.error).toMatch(/cut off/)
    },
  )

  it('leaves alone what is consistent', () => {
    const scored = buildScoredRun({ solved: true })
    expect(settleRun(scored, ended)).toStrictEqual(scored)
    expect(settleRun(open, { ...ended, status: 'running', finishedAt: null })).toStrictEqual(open)
  })

  it('gives a scored run without verdict one: it did not solve its problem', () => {
    const leak = { ...buildScoredRun({ solved: true }), solved: null, resultScoredAt: null }
    expect(settleRun(leak, ended)).toMatchObject({ solved: false, resultScoredAt: finishedAt })
    // Nobody knows when the evaluation ended: the last time that the run has.
    const { startedAt } = settleRun({ ...leak, startedAt: finishedAt }, { ...ended, finishedAt: null })
    expect(startedAt).toStrictEqual(finishedAt)
  })

  it('believes a verdict more than a late message that set the run back', () => {
    const scored = buildScoredRun({ solved: true })
    expect(settleRun({ ...scored, status: 'sandbox_created' }, ended)).toStrictEqual(scored)
  })

  it('takes all runs out of one that is begun anew', () => {
    for (const run of [open, buildScoredRun({ solved: true })]) {
      const gone = settleRun(run, { status: 'running', finishedAt: null, isQueued: true })
      expect(gone).toMatchObject({ status: 'cancelled', solved: null, resultScoredAt: null })
      expect(gone.error).not.toBeNull()
    }
  })
})
