import { describe, expect, it } from 'vitest'

import { agentNow, agentTime, buildEvaluation, buildEvaluationRun } from '../contracts/agent-builders.ts'
import type { EvaluationRun } from '../models/evaluation-run.ts'
import { evaluationScoreOf, versionScoreOf } from './agent-score-rules.ts'
import { checkNotFuture, MAX_CLOCK_SKEW_MS } from './clock-skew.ts'
import { topMinerOf } from './weights-snapshot-rules.ts'

const evaluation = buildEvaluation()

/** T solved, F not, P without verdict, C cancelled. */
function runsOf(letters: string): readonly EvaluationRun[] {
  const solved = { T: true, F: false, P: null, C: null } as const
  return [...letters].map((letter) =>
    buildEvaluationRun({
      evaluationId: evaluation.evaluationId,
      status: letter === 'C' ? 'cancelled' : 'started',
      solved: letter === 'T' || letter === 'F' ? solved[letter] : null,
    }),
  )
}

describe('evaluationScoreOf', () => {
  it.each([
    ['TTT', 1],
    ['TFFT', 0.5],
    ['FTF', 1 / 3],
    ['TFP', 1 / 3],
    ['TTF', 2 / 3],
    ['TTFP', 0.5],
    ['TC', 1],
    ['C', null],
    ['', null],
  ])('of %s is %s: no verdict counts as unsolved', (letters, score) => {
    expect(evaluationScoreOf(evaluation, runsOf(letters))).toBe(score)
  })

  it('counts the runs of its own attempt only', () => {
    const [first, second] = runsOf('TF')
    if (first === undefined || second === undefined) expect.unreachable()
    const other = buildEvaluationRun({ solved: true })
    expect(evaluationScoreOf({ ...evaluation, attempt: 2 }, [first, { ...second, attempt: 2 }, other])).toBe(
      0,
    )
  })
})

describe('versionScoreOf', () => {
  const scored = (status: 'completed' | 'error' | 'running', score: number | null, validatorHotkey: string) =>
    buildEvaluation({ status, score, validatorHotkey })

  it('is the mean of completed evaluations, whatever their order', () => {
    const some = [scored('completed', 0.1, 'a'), scored('completed', 0.2, 'b'), scored('completed', 0.3, 'c')]
    expect(versionScoreOf(some, null)).toBe((0.1 + 0.2 + 0.3) / 3)
    expect(versionScoreOf(some.toReversed(), null)).toBe(versionScoreOf(some, null))
  })

  it('leaves failed and running ones out, and keeps what is stored without any', () => {
    expect(versionScoreOf([scored('completed', 2 / 3, 'a'), scored('error', 0.5, 'b')], 0.5833)).toBe(2 / 3)
    expect(versionScoreOf([scored('running', 0.5, 'a'), scored('completed', null, 'b')], 0.25)).toBe(0.25)
    expect(versionScoreOf([], null)).toBeNull()
  })
})

describe('topMinerOf', () => {
  it.each<readonly [Readonly<Record<string, number>>, string | null]>([
    [{}, null],
    [{ a: 0 }, null],
    [{ b: 0.4, a: 0.4, c: 0.2 }, 'a'],
    [{ a: 0.1, B: 0.1 }, 'B'],
    [{ a: 0.1, c: 0.2 }, 'c'],
  ])('of %o is %s', (weights, top) => {
    const list = Object.entries(weights).map(([minerHotkey, weight]) => ({ minerHotkey, weight }))
    expect(topMinerOf(list)).toBe(top)
    expect(topMinerOf(list.toReversed())).toBe(top)
  })
})

describe('checkNotFuture', () => {
  it('takes what a clock a little ahead gives, and nothing later', () => {
    expect(() => checkNotFuture('createdAt', agentTime(MAX_CLOCK_SKEW_MS), agentNow)).not.toThrow()
    const ahead = agentTime(MAX_CLOCK_SKEW_MS + 1)
    expect(() => checkNotFuture('createdAt', ahead, agentNow)).toThrow(/^createdAt: .* lies after/)
  })
})
