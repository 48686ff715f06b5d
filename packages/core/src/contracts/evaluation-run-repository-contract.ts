import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { EvaluationRun } from '../models/evaluation-run.ts'
import { agentTime, buildEvaluation, buildEvaluationRun, newUuid } from './agent-builders.ts'
import {
  beginOne,
  createEvaluation,
  finishCompleted,
  report,
  runsOf,
  type EvaluationContractOptions,
  type EvaluationStore,
} from './evaluation-suite.ts'
import { nastyTexts } from './nasty-values.ts'
import { expectInvalid, readPages } from './sample-suite.ts'
import { expectConflict } from './sampling-task-suite.ts'
import { newHotkey } from './weight-record-builders.ts'

/** Everything that an implementation of `EvaluationRunRepository` must hold, on a real engine. */
export function evaluationRunRepositoryContract(options: EvaluationContractOptions): void {
  describe('evaluation run repository contract', () => {
    let store: EvaluationStore
    beforeAll(async () => {
      store = await options.setup()
    })
    afterAll(async () => {
      await options.teardown?.()
    })

    it('gives runs back exactly, by problem, page by page', async () => {
      const evaluation = await beginOne(store)
      const { evaluationId, validatorHotkey } = evaluation
      const text = nastyTexts.join('')
      const full: Partial<EvaluationRun> = {
        response: text,
        error: 'x'.repeat(50_000),
        failToPassSuccess: nastyTexts.filter((name) => name !== ''),
        passToPassSuccess: Array.from({ length: 300 }, (_unused, index) => `test_${index}`),
        sandboxCreatedAt: agentTime(1),
        patchGeneratedAt: agentTime(2),
        evalStartedAt: agentTime(3),
      }
      const stored = [
        await report(store, evaluation, { swebenchInstanceId: 'b#%', ...full }),
        await report(store, evaluation, { swebenchInstanceId: 'a', solved: false }),
      ]
      const found = await readPages(async (page) => store.evaluationRuns.list({ evaluationId, ...page }), 1)
      expect(found).toStrictEqual(stored.toReversed())
      const [first] = stored
      if (first === undefined) expect.unreachable()
      expect(await store.evaluationRuns.put({ run: first, validatorHotkey })).toStrictEqual(first)
      const second = await store.evaluationRuns.list({ evaluationId, attempt: 2, limit: 10 })
      expect(second).toStrictEqual({ items: [], nextCursor: null })
    })

    it('never goes back, and has one verdict', async () => {
      const evaluation = await beginOne(store)
      const { evaluationId, validatorHotkey } = evaluation
      const started = buildEvaluationRun({ evaluationId })
      const patched = { ...started, status: 'patch_generated', patchGeneratedAt: agentTime(5) } as const
      const put = async (run: EvaluationRun): Promise<EvaluationRun> =>
        store.evaluationRuns.put({ run, validatorHotkey })
      await put(started)
      expect(await put(patched)).toStrictEqual(patched)
      expect(await put(started)).toStrictEqual(patched)
      const scored = {
        ...patched,
        status: 'result_scored',
        solved: true,
        resultScoredAt: agentTime(9),
      } as const
      expect(await put(scored)).toStrictEqual(scored)
      expect(await put(patched)).toStrictEqual(scored)
      await expectConflict(put({ ...scored, solved: false }), 'run_over')
      await expectConflict(put({ ...started, runId: newUuid() }), 'other_run')
      expect(await runsOf(store, evaluation)).toStrictEqual([scored])
    })

    it('takes one of two verdicts at once, and the stages of one run in any order', async () => {
      const evaluation = await beginOne(store)
      const runId = newUuid()
      const verdicts = await Promise.allSettled(
        [true, false].map(async (solved) => report(store, evaluation, { runId, solved })),
      )
      expect(verdicts.map(({ status }) => status).toSorted()).toStrictEqual(['fulfilled', 'rejected'])
      const open = { solved: null, resultScoredAt: null } as const
      const other = { runId: newUuid(), swebenchInstanceId: 'other' }
      await Promise.all([
        report(store, evaluation, other),
        report(store, evaluation, { ...other, ...open, status: 'eval_started' }),
        report(store, evaluation, { ...other, ...open, status: 'started' }),
      ])
      const stored = await runsOf(store, evaluation)
      expect(stored.map(({ status }) => status)).toStrictEqual(['result_scored', 'result_scored'])
    })

    it('hears nobody but the validator, and only while the evaluation runs', async () => {
      const evaluation = await beginOne(store)
      await expectConflict(report(store, { ...evaluation, validatorHotkey: newHotkey() }), 'not_owner')
      await expectConflict(report(store, { ...evaluation, attempt: 2 }), 'attempt_over')
      await expectConflict(report(store, await createEvaluation(store)), 'illegal_step')
      await expect(report(store, buildEvaluation())).rejects.toMatchObject({ code: 'not_found' })
      const run = await report(store, evaluation)
      await finishCompleted(store, evaluation)
      await expectConflict(report(store, evaluation, { swebenchInstanceId: 'late' }), 'illegal_step')
      expect(await report(store, evaluation, run)).toStrictEqual(run)
      expect(await runsOf(store, evaluation)).toStrictEqual([run])
    })

    it.each<readonly [string, Partial<EvaluationRun>]>([
      ['an id of another kind', { runId: 'd1' }],
      ['a problem with a space', { swebenchInstanceId: 'a b' }],
      ['a verdict too early', { status: 'started' }],
      ['a validator that cancels', { status: 'cancelled', solved: null, resultScoredAt: null }],
      ['no time', { startedAt: new Date(Number.NaN) }],
      ['an attempt too many', { attempt: 4 }],
      ['a patch that is a book', { response: 'x'.repeat(100_001) }],
      ['half a surrogate pair', { error: '\ud800' }],
    ])('refuses %s and stores nothing', async (_name, fields) => {
      const evaluation = await beginOne(store)
      await expectInvalid(report(store, evaluation, fields))
      expect(await runsOf(store, evaluation)).toStrictEqual([])
    })

    it('passes the reason of an aborted signal on, unwrapped', async () => {
      const reason = new Error('enough')
      const aborted = { signal: AbortSignal.abort(reason) }
      const run = buildEvaluationRun()
      const put = store.evaluationRuns.put({ run, validatorHotkey: newHotkey() }, aborted)
      await expect(put).rejects.toBe(reason)
      await expect(store.evaluationRuns.list({ ...run, limit: 1 }, aborted)).rejects.toBe(reason)
    })
  })
}
