import { createManualClock, type EvaluationRun, silentLogger } from '@subnetkit/core'
import { buildAgent, buildAgentVersion, buildEvaluationRun, newUuid } from '@subnetkit/core/contracts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'

import { EVALUATORS_KEY } from '../src/agents/evaluators/evaluators.ts'
import { EVALUATION_TIMEOUT_KEY, sweepEvaluations } from '../src/agents/evaluators/sweep-evaluations.ts'
import { type ApiUnderTest, startApi } from './fixtures/api-under-test.ts'
import type { ApiReply, RemoteExecutor, RequestChange } from './fixtures/remote-executor.ts'

let api: ApiUnderTest
let alice: RemoteExecutor
let bob: RemoteExecutor
const agent = buildAgent()
const version = buildAgentVersion({ agentId: agent.agentId })
let claims = 0

beforeAll(async () => {
  api = await startApi()
  ;[alice, bob] = [api.executor(11), api.executor(12)]
  await configure(EVALUATORS_KEY, [alice.hotkey, bob.hotkey])
  await api.repositories.agents.put({ agent, now: api.now() })
  await api.repositories.agentVersions.put({ version, now: api.now() })
})
afterAll(async () => {
  await api[Symbol.asyncDispose]()
})

async function configure(key: string, value: readonly string[] | number): Promise<void> {
  const setting =
    typeof value === 'number'
      ? { type: 'number' as const, value }
      : { type: 'json' as const, value: [...value] }
  await api.repositories.systemConfig.put({ key, setting, updatedBy: 'test', now: api.now() })
  api.advance(2_000)
}

/** An evaluation of a version of its own that waits for a validator. */
async function waiting(validatorHotkey: string): Promise<string> {
  const evaluationId = newUuid()
  const { versionId } = await api.repositories.agentVersions.put({
    version: buildAgentVersion({ agentId: agent.agentId }),
    now: api.now(),
  })
  await api.repositories.evaluations.create({ evaluationId, versionId, validatorHotkey, now: api.now() })
  return evaluationId
}

const claimedSchema = z.object({
  work: z.object({
    evaluation: z.object({ evaluationId: z.string(), attempt: z.int(), status: z.string() }),
    agent: z.object({ minerHotkey: z.string() }),
  }),
})
async function claim(who: RemoteExecutor, claimId = `claim-${(claims += 1)}`): Promise<ApiReply> {
  return await who.post(api.address, '/v1/evaluations/claim', { claimId })
}

function reportOf(fields: Partial<EvaluationRun> = {}): readonly [runId: string, body: object] {
  const { runId, evaluationId: _none, ...body } = buildEvaluationRun({ startedAt: api.now(), ...fields })
  return [runId, body]
}
const report = async (
  who: RemoteExecutor,
  evaluationId: string,
  [runId, body]: readonly [string, object],
  change: RequestChange = {},
): Promise<ApiReply> =>
  await who.put(api.address, `/v1/evaluations/${evaluationId}/runs/${runId}`, body, change)
const finish = async (who: RemoteExecutor, evaluationId: string, body: object): Promise<ApiReply> =>
  await who.post(api.address, `/v1/evaluations/${evaluationId}/finish`, body)

describe('the work of an evaluator', () => {
  it('goes from claim to score, and every step of it may be repeated', async () => {
    const evaluationId = await waiting(alice.hotkey)
    expect((await claim(bob)).body).toEqual({ work: null })
    const [first, again] = [await claim(alice, 'one'), await claim(alice, 'one')]
    expect(claimedSchema.parse(first.body)).toMatchObject({
      work: {
        evaluation: { evaluationId, attempt: 1, status: 'running' },
        agent: { minerHotkey: agent.minerHotkey },
      },
    })
    expect(again.body).toEqual(first.body)
    const [runId, started] = reportOf()
    const solved = reportOf({
      status: 'result_scored',
      solved: true,
      resultScoredAt: api.now(),
      response: 'diff',
    })
    expect(await report(alice, evaluationId, [runId, started])).toMatchObject({
      status: 200,
      body: { runId, status: 'started' },
    })
    const scored = await report(alice, evaluationId, [runId, solved[1]])
    expect(scored).toMatchObject({
      status: 200,
      body: { status: 'result_scored', responseCharacters: 4, texts: null },
    })
    // A report that was late on its way takes nothing back.
    expect((await report(alice, evaluationId, [runId, started])).body).toEqual(scored.body)
    const open = reportOf({ swebenchInstanceId: 'django__django-2' })
    expect((await report(alice, evaluationId, open)).status).toBe(200)
    const verdict = { attempt: 1, outcome: { status: 'completed' } }
    const finished = await finish(alice, evaluationId, verdict)
    expect(finished).toMatchObject({ status: 200, body: { status: 'completed', score: 0.5 } })
    expect((await finish(alice, evaluationId, verdict)).body).toEqual(finished.body)
  })

  it('tells an error with its reason, and starts anew after a disconnect', async () => {
    const evaluationId = await waiting(alice.hotkey)
    await claim(alice)
    const gone = await alice.post(api.address, '/v1/evaluations/disconnect', {})
    expect(gone).toMatchObject({ status: 200, body: { interrupted: 1, reopened: 1 } })
    const { work } = claimedSchema.parse((await claim(alice)).body)
    expect(work.evaluation).toMatchObject({ evaluationId, attempt: 2 })
    const outcome = { status: 'error', reason: 'the sandbox broke' }
    expect(await finish(alice, evaluationId, { attempt: 1, outcome })).toMatchObject({
      status: 409,
      body: { error: { message: expect.stringContaining('is at attempt 2, not 1') } },
    })
    expect(await finish(alice, evaluationId, { attempt: 2, outcome })).toMatchObject({
      status: 200,
      body: { status: 'error', terminatedReason: 'the sandbox broke', score: null },
    })
  })

  it('is only its own validator’s, and refuses what does not fit', async () => {
    const evaluationId = await waiting(alice.hotkey)
    await claim(alice)
    expect((await report(bob, evaluationId, reportOf())).status).toBe(409)
    expect((await finish(bob, evaluationId, { attempt: 1, outcome: { status: 'completed' } })).status).toBe(
      409,
    )
    expect((await bob.post(api.address, '/v1/evaluations/disconnect', {})).body).toMatchObject({
      interrupted: 0,
    })
    const late = new Date(api.now().getTime() + 3_600_000)
    const replies: readonly (readonly [ApiReply, number, string])[] = [
      [await report(alice, newUuid(), reportOf()), 404, 'evaluation'],
      [await report(alice, 'nonsense', reportOf()), 422, 'params.evaluationId'],
      [await report(alice, evaluationId, reportOf({ startedAt: late })), 422, 'startedAt'],
      [await report(alice, evaluationId, reportOf({ status: 'cancelled' })), 422, 'cancelled'],
      [await report(alice, evaluationId, reportOf({ response: 'x'.repeat(100_001) })), 422, 'body.response'],
      [await report(alice, evaluationId, [newUuid(), { status: 'started' }]), 422, 'body.'],
      [await finish(alice, evaluationId, { attempt: 1, outcome: { status: 'completed' } }), 409, 'no run'],
      [
        await finish(alice, evaluationId, { attempt: 4, outcome: { status: 'completed' } }),
        422,
        'body.attempt',
      ],
      [await finish(alice, evaluationId, { attempt: 1, outcome: { status: 'error' } }), 422, 'body.outcome'],
      [await claim(alice, ''), 422, 'body.claimId'],
      [await claim(api.executor(13)), 403, EVALUATORS_KEY],
      [await report(alice, evaluationId, reportOf(), { sentBody: '{}' }), 401, 'signature'],
    ]
    for (const [reply, status, told] of replies) {
      expect({ status: reply.status, text: JSON.stringify(reply.body) }).toEqual({
        status,
        text: expect.stringContaining(told),
      })
    }
    const { status, body } = await report(alice, evaluationId, reportOf())
    expect({ status, body }).toMatchObject({ status: 200 })
  })
})

it('cuts off what runs for too long, as it is configured', async () => {
  const evaluationId = await waiting(bob.hotkey)
  await claim(bob)
  const { evaluations, systemConfig } = api.repositories
  const clock = createManualClock(api.now().getTime() + 100 * 60_000)
  const log = { ...silentLogger, error: () => void (complaints += 1) }
  let complaints = 0
  const evaluators = async (): Promise<ReadonlySet<string>> => new Set([bob.hotkey])
  const sweep = async (): Promise<number> =>
    await sweepEvaluations(
      { evaluations, systemConfig, evaluators, clock, log },
      new AbortController().signal,
    )
  const status = async (): Promise<object | null> => await evaluations.find({ evaluationId })
  expect(await sweep()).toBe(0)
  await configure(EVALUATION_TIMEOUT_KEY, 0)
  expect([await sweep(), complaints]).toEqual([0, 1])
  expect(await status()).toMatchObject({ status: 'running', attempt: 1 })
  await configure(EVALUATION_TIMEOUT_KEY, 90)
  expect(await sweep()).toBe(1)
  expect(await status()).toMatchObject({ status: 'waiting', attempt: 2 })
})
