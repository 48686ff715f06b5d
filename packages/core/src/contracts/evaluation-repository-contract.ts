import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { MAX_EVALUATION_ATTEMPTS, type Evaluation } from '../models/evaluation.ts'
import { evaluationScoreOf } from '../rules/agent-score-rules.ts'
import { agentTime, buildEvaluation, newUuid } from './agent-builders.ts'
import {
  beginOne,
  claimNext,
  createEvaluation,
  finishCompleted,
  report,
  runsOf,
  storeVersion,
  type EvaluationContractOptions,
  type EvaluationStore,
} from './evaluation-suite.ts'
import { expectInvalid, readPages } from './sample-suite.ts'
import { existing, expectConflict } from './sampling-task-suite.ts'
import { newHotkey } from './weight-record-builders.ts'

const now = agentTime(20_000)
const failed = { status: 'error', reason: 'no sandbox' } as const

/** Everything that an implementation of `EvaluationRepository` must hold, on a real engine. */
export function evaluationRepositoryContract(options: EvaluationContractOptions): void {
  describe('evaluation repository contract', () => {
    let store: EvaluationStore
    beforeAll(async () => {
      store = await options.setup()
    })
    afterAll(async () => {
      await options.teardown?.()
    })
    const find = async (evaluation: Evaluation): Promise<Evaluation> =>
      existing(await store.evaluations.find(evaluation))

    it('puts a version into a queue once', async () => {
      const evaluation = await createEvaluation(store)
      const wanted = buildEvaluation({ ...evaluation, status: 'waiting', attempt: 1, score: null })
      expect(evaluation).toStrictEqual(wanted)
      expect(await find(evaluation)).toStrictEqual(wanted)
      expect(await createEvaluation(store, evaluation)).toStrictEqual(wanted)
      await expectConflict(
        createEvaluation(store, { ...evaluation, evaluationId: newUuid() }),
        'other_evaluation',
      )
      await expectConflict(
        createEvaluation(store, { evaluationId: evaluation.evaluationId }),
        'other_evaluation',
      )
      expect(await find(evaluation)).toStrictEqual(wanted)
    })

    it('makes one of many evaluations of a pair at once', async () => {
      const pair = { versionId: await storeVersion(store), validatorHotkey: newHotkey() }
      const outcomes = await Promise.allSettled(
        Array.from({ length: 10 }, async () => createEvaluation(store, pair)),
      )
      const made = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []))
      const { items } = await store.evaluations.list({ versionId: pair.versionId, limit: 100 })
      expect(made).toHaveLength(1)
      expect(items).toStrictEqual(made)
    })

    it('knows no evaluation of a version that is not known', async () => {
      const evaluation = buildEvaluation()
      await expect(createEvaluation(store, evaluation)).rejects.toMatchObject({ code: 'not_found' })
      expect(await store.evaluations.find(evaluation)).toBeNull()
      expect(await claimNext(store, newHotkey())).toBeNull()
      const finish = { ...evaluation, outcome: failed, now }
      await expect(store.evaluations.finish(finish)).rejects.toMatchObject({ code: 'not_found' })
    })

    it('lists the evaluations of a version by validator, page by page', async () => {
      const versionId = await storeVersion(store)
      const some: Evaluation[] = []
      for (let count = 0; count < 3; count += 1) some.unshift(await createEvaluation(store, { versionId }))
      const found = await readPages(async (page) => store.evaluations.list({ versionId, ...page }), 2)
      expect(found).toStrictEqual(some.toReversed())
    })

    it('claims the oldest of the own queue, of one instant the smaller id, and begins it', async () => {
      const validatorHotkey = newHotkey()
      const ids = [newUuid(), newUuid(), newUuid()].toSorted()
      const [small, large, oldest] = ids
      if (small === undefined || large === undefined || oldest === undefined) expect.unreachable()
      await createEvaluation(store, { validatorHotkey, evaluationId: large, createdAt: agentTime(2) })
      await createEvaluation(store, { validatorHotkey, evaluationId: small, createdAt: agentTime(2) })
      await createEvaluation(store, { validatorHotkey, evaluationId: oldest, createdAt: agentTime(1) })
      await createEvaluation(store, { createdAt: agentTime(0) })
      const first = existing(await claimNext(store, validatorHotkey, 'once'))
      expect(first).toMatchObject({ evaluationId: oldest, status: 'running', startedAt: agentTime(1_000) })
      expect(await claimNext(store, validatorHotkey, 'once')).toStrictEqual(first)
      expect(await find(first)).toStrictEqual(first)
      expect(await claimNext(store, validatorHotkey)).toMatchObject({ evaluationId: small })
      expect(await claimNext(store, validatorHotkey)).toMatchObject({ evaluationId: large })
      expect(await claimNext(store, validatorHotkey)).toBeNull()
    })

    it('gives each evaluation to one of many claims at once', async () => {
      const validatorHotkey = newHotkey()
      const made = await Promise.all(
        Array.from({ length: 4 }, async () => createEvaluation(store, { validatorHotkey })),
      )
      const claims = await Promise.all(
        Array.from({ length: 8 }, async () => claimNext(store, validatorHotkey)),
      )
      const ids = claims.flatMap((claim) => claim?.evaluationId ?? [])
      expect(ids.toSorted()).toStrictEqual(made.map(({ evaluationId }) => evaluationId).toSorted())
    })

    it('scores a completed one by its runs; those without verdict are not solved', async () => {
      const evaluation = await beginOne(store)
      await report(store, evaluation, { swebenchInstanceId: 'a' })
      await report(store, evaluation, { swebenchInstanceId: 'b', solved: false })
      const open = { status: 'patch_generated', solved: null, resultScoredAt: null } as const
      await report(store, evaluation, { swebenchInstanceId: 'c', ...open })
      const done = await finishCompleted(store, evaluation)
      expect(done).toStrictEqual({
        ...evaluation,
        status: 'completed',
        score: 1 / 3,
        finishedAt: agentTime(9_000),
      })
      expect(await finishCompleted(store, evaluation)).toStrictEqual(done)
      expect((await runsOf(store, evaluation)).map(({ status, solved }) => [status, solved])).toStrictEqual([
        ['result_scored', true],
        ['result_scored', false],
        ['result_scored', false],
      ])
      await expectConflict(store.evaluations.finish({ ...evaluation, outcome: failed, now }), 'illegal_step')
    })

    it('hears nobody but its validator, and nothing about another attempt', async () => {
      const evaluation = await beginOne(store)
      const finish = { ...evaluation, outcome: failed, now }
      await expectConflict(store.evaluations.finish({ ...finish, validatorHotkey: newHotkey() }), 'not_owner')
      await expectConflict(store.evaluations.finish({ ...finish, attempt: 2 }), 'attempt_over')
      await expectConflict(finishCompleted(store, evaluation), 'no_runs')
      expect(await find(evaluation)).toStrictEqual(evaluation)
      const ended = await store.evaluations.finish(finish)
      expect(ended).toMatchObject({ status: 'error', terminatedReason: 'no sandbox', score: null })
    })

    it('takes one of two verdicts at once', async () => {
      const evaluation = await beginOne(store)
      await report(store, evaluation)
      const verdicts = await Promise.allSettled([
        finishCompleted(store, evaluation),
        store.evaluations.finish({ ...evaluation, outcome: failed, now }),
      ])
      const won = verdicts.flatMap((verdict) => (verdict.status === 'fulfilled' ? [verdict.value] : []))
      expect(won).toStrictEqual([await find(evaluation)])
    })

    it('counts every run whose report came in while it was finished, and leaves none open', async () => {
      const evaluation = await beginOne(store)
      await report(store, evaluation, { swebenchInstanceId: 'first', solved: false })
      const problems = Array.from({ length: 6 }, (_unused, index) => `late-${index}`)
      await Promise.allSettled([
        ...problems.map(async (swebenchInstanceId) => report(store, evaluation, { swebenchInstanceId })),
        finishCompleted(store, evaluation),
      ])
      const runs = await runsOf(store, evaluation)
      expect(await find(evaluation)).toMatchObject({
        status: 'completed',
        score: evaluationScoreOf(evaluation, runs),
      })
      expect(runs.filter(({ status }) => status !== 'result_scored')).toStrictEqual([])
    })

    it('waits anew when its validator goes away, and ends with the last attempt', async () => {
      let evaluation = await beginOne(store)
      const { validatorHotkey } = evaluation
      const open = { status: 'started', solved: null, resultScoredAt: null } as const
      for (let attempt = 1; attempt < MAX_EVALUATION_ATTEMPTS; attempt += 1) {
        expect(evaluation.attempt).toBe(attempt)
        await report(store, evaluation, open)
        expect(await store.evaluations.disconnect({ validatorHotkey, now })).toStrictEqual({
          interrupted: 1,
          reopened: 1,
        })
        await expectConflict(finishCompleted(store, evaluation), 'attempt_over')
        await expectConflict(report(store, evaluation), 'attempt_over')
        evaluation = existing(await claimNext(store, validatorHotkey))
      }
      await report(store, evaluation)
      expect(await store.evaluations.disconnect({ validatorHotkey, now })).toStrictEqual({
        interrupted: 1,
        reopened: 0,
      })
      expect(await find(evaluation)).toMatchObject({ status: 'disconnected', attempt: 3, finishedAt: now })
      expect(await claimNext(store, validatorHotkey)).toBeNull()
      expect((await runsOf(store, evaluation)).map(({ status }) => status)).toStrictEqual([
        'cancelled',
        'cancelled',
        'result_scored',
      ])
      expect(await store.evaluations.disconnect({ validatorHotkey, now })).toStrictEqual({
        interrupted: 0,
        reopened: 0,
      })
    })

    it('cuts off what was begun too long ago, and only that', async () => {
      const evaluation = await beginOne(store)
      const { validatorHotkey, startedAt } = evaluation
      const startedBefore = existing(startedAt)
      const sweep = { validatorHotkey, startedBefore, now }
      expect(await store.evaluations.sweep(sweep)).toStrictEqual({ interrupted: 0, reopened: 0 })
      const later = new Date(startedBefore.getTime() + 1)
      const swept = await store.evaluations.sweep({ ...sweep, startedBefore: later })
      expect(swept).toStrictEqual({ interrupted: 1, reopened: 1 })
      expect(await find(evaluation)).toMatchObject({ status: 'waiting', attempt: 2, startedAt: null })
    })

    it('replaces what waits of an older version, and lets the rest be', async () => {
      const running = await beginOne(store)
      const { versionId } = running
      const waiting = await createEvaluation(store, { versionId })
      const replace = { versionId, reason: 'version 2 came', now }
      expect(await store.evaluations.replace(replace)).toStrictEqual({ replaced: 1 })
      expect(await store.evaluations.replace(replace)).toStrictEqual({ replaced: 0 })
      expect(await find(waiting)).toMatchObject({ status: 'replaced', terminatedReason: 'version 2 came' })
      expect(await find(running)).toStrictEqual(running)
      expect(await claimNext(store, waiting.validatorHotkey)).toBeNull()
    })

    it('calls off what waits', async () => {
      const waiting = await createEvaluation(store)
      const cancel = { evaluationId: waiting.evaluationId, reason: 'banned', now }
      const cancelled = await store.evaluations.cancel(cancel)
      expect(cancelled).toMatchObject({ status: 'cancelled', finishedAt: now })
      expect(await store.evaluations.cancel(cancel)).toStrictEqual(cancelled)
      const running = await beginOne(store)
      await expectConflict(store.evaluations.cancel({ ...cancel, ...running }), 'illegal_step')
    })

    it('refuses input that makes no sense', async () => {
      const evaluation = await beginOne(store)
      const { evaluations } = store
      await expectInvalid(createEvaluation(store, { ...evaluation, evaluationId: 'c1' }))
      await expectInvalid(createEvaluation(store, { ...evaluation, validatorHotkey: 'a b' }))
      await expectInvalid(evaluations.find({ evaluationId: '' }))
      await expectInvalid(claimNext(store, newHotkey(), 'a claim'))
      await expectInvalid(evaluations.list({ versionId: evaluation.versionId, limit: 0 }))
      const silent = { status: 'error', reason: '' } as const
      await expectInvalid(evaluations.finish({ ...evaluation, outcome: silent, now }))
      await expectInvalid(evaluations.cancel({ ...evaluation, reason: '', now }))
      await expectInvalid(evaluations.sweep({ ...evaluation, startedBefore: new Date(Number.NaN), now }))
      expect(await find(evaluation)).toStrictEqual(evaluation)
    })

    it('passes the reason of an aborted signal on, unwrapped', async () => {
      const reason = new Error('enough')
      const aborted = { signal: AbortSignal.abort(reason) }
      const { validatorHotkey, ...evaluation } = await createEvaluation(store)
      const calls = [
        store.evaluations.find(evaluation, aborted),
        store.evaluations.claim({ validatorHotkey, claimId: 'x', now }, aborted),
        store.evaluations.disconnect({ validatorHotkey, now }, aborted),
        store.evaluations.cancel({ ...evaluation, reason: 'x', now }, aborted),
      ]
      for (const call of calls) await expect(call).rejects.toBe(reason)
    })
  })
}
