import { randomBytes } from 'node:crypto'

import type { SampleKey } from '@subnetkit/core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'

import { isSignedBy } from '../src/auth/is-signed-by.ts'
import { sampleText } from '../src/auth/sample-statement.ts'
import { sha256Of } from '../src/executors/submission-content.ts'
import { minerHotkey, registration, startApi, type ApiUnderTest } from './fixtures/api-under-test.ts'
import { claimReply, type ApiReply, type RemoteExecutor } from './fixtures/remote-executor.ts'

let api: ApiUnderTest
let alice: RemoteExecutor
let bob: RemoteExecutor
let nextTask = 0

beforeAll(async () => {
  api = await startApi()
  alice = api.executor(1)
  bob = api.executor(2)
  await api.allow([alice.hotkey, bob.hotkey])
})
afterAll(async () => {
  await api[Symbol.asyncDispose]()
})
afterEach(async () => {
  await api.repositories.miners.put({ registration, now: api.now() })
  await api.repositories.miners.resume({ hotkey: minerHotkey, now: api.now() })
})

interface Held {
  readonly key: SampleKey
  readonly token: string
}

async function claim(by: RemoteExecutor, claimId = randomBytes(12).toString('hex')): Promise<ApiReply> {
  return await by.post(api.address, '/v1/tasks/claim', { environment: 'echo', limit: 1, claimId })
}

/** A new task, claimed by one executor. */
async function held(by: RemoteExecutor, change: Readonly<{ maxAttempts?: number }> = {}): Promise<Held> {
  nextTask += 1
  await api.plan([nextTask], change)
  const { tasks, token } = claimReply.parse((await claim(by)).body)
  const task = tasks[0]
  if (task === undefined || task.taskId !== nextTask) throw new Error('the task was not claimed')
  const { environment, generation, modelRevision, taskId } = task
  return { key: { minerHotkey: task.minerHotkey, modelRevision, environment, generation, taskId }, token }
}

const submit = async (by: RemoteExecutor, body: unknown): Promise<ApiReply> =>
  await by.post(api.address, '/v1/tasks/submit', body)
const fail = async (by: RemoteExecutor, body: unknown): Promise<ApiReply> =>
  await by.post(api.address, '/v1/tasks/fail', body)

async function statistics(): Promise<Readonly<{ totalSamples: number; errorCount: number }>> {
  const miner = await api.repositories.miners.find({ hotkey: minerHotkey })
  return miner?.statistics ?? { totalSamples: -1, errorCount: -1 }
}

describe('claiming', () => {
  it('gives everything that is needed to ask the miner, and the same again for the same claim id', async () => {
    nextTask += 1
    await api.plan([nextTask])
    const first = await claim(alice, 'claim-of-alice-001')
    expect(first).toMatchObject({
      status: 200,
      body: {
        token: `${alice.hotkey}.claim-of-alice-001`,
        tasks: [
          {
            taskId: nextTask,
            attempt: 1,
            endpoint: registration.endpoint,
            modelName: 'acme/model',
            messages: [{ role: 'user', content: `say ${nextTask}` }],
            temperature: 0,
          },
        ],
      },
    })
    const again = claimReply.parse((await claim(alice, 'claim-of-alice-001')).body)
    expect(again.tasks.map(({ taskId }) => taskId)).toEqual([nextTask])
    expect(claimReply.parse((await claim(bob, 'claim-of-alice-001')).body).tasks).toEqual([])
    const key = { minerHotkey, modelRevision: 'rev1', environment: 'echo', generation: 1, taskId: nextTask }
    await submit(alice, alice.submission(key, again.token, 'x'))
  })

  it('leaves the tasks of a paused miner alone, and revokes those of another model', async () => {
    const { miners, samplingTasks } = api.repositories
    nextTask += 1
    await api.plan([nextTask])
    const key = { minerHotkey, modelRevision: 'rev1', environment: 'echo', generation: 1, taskId: nextTask }
    await miners.pause({ hotkey: minerHotkey, reason: 'test', until: null, now: api.now() })
    expect(claimReply.parse((await claim(alice)).body).tasks).toEqual([])
    expect(await samplingTasks.find({ key, now: api.now() })).toMatchObject({
      status: 'pending',
      attempts: 0,
    })
    await miners.resume({ hotkey: minerHotkey, now: api.now() })
    await miners.put({ registration: { ...registration, modelHash: 'hash2' }, now: api.now() })
    expect(claimReply.parse((await claim(alice)).body).tasks).toEqual([])
    expect(await samplingTasks.find({ key, now: api.now() })).toMatchObject({ status: 'revoked' })
  })
})

describe('submitting', () => {
  it('judges here, keeps the sample with the executor’s signature, counts and logs it, completes the task', async () => {
    const { key, token } = await held(alice)
    const before = await statistics()
    const answer = `${key.taskId} it is, <script>alert(1)</script>`
    const reply = await submit(alice, alice.submission(key, token, answer, { usage: { tokens: 12 } }))
    expect(reply).toMatchObject({ status: 200, body: { outcome: 'stored', score: 1, success: true } })
    const { executionLogs, samples, samplingTasks } = api.repositories
    const sample = await samples.find({ key })
    expect(sample).toMatchObject({ score: 1, latencyMs: 120, uid: 7, blockNumber: 1_000 })
    const statement = { key, answerSha256: sha256Of(answer), fault: null, latencyMs: 120 }
    expect(isSignedBy(alice.hotkey, sampleText(statement), sample?.signature ?? '')).toBe(true)
    const conversation = await samples.findConversation({ key })
    expect(conversation?.messages).toEqual([
      { role: 'user', content: `say ${key.taskId}` },
      { role: 'assistant', content: answer },
    ])
    expect(conversation?.details).toMatchObject({ usage: { tokens: 12 } })
    expect(await samplingTasks.find({ key, now: api.now() })).toMatchObject({
      status: 'completed',
      sampleId: sample?.sampleId,
    })
    expect((await statistics()).totalSamples).toBe(before.totalSamples + 1)
    const from = new Date(api.now().getTime() - 60_000)
    const to = new Date(api.now().getTime() + 60_000)
    const logs = await executionLogs.list({ minerHotkey, from, to, now: api.now(), limit: 100 })
    expect(logs.items.filter(({ taskId }) => taskId === key.taskId)).toMatchObject([
      { worker: alice.hotkey, outcome: 'scored', score: 1 },
    ])
  })

  it('has the same reply when it is sent again, and stores and counts nothing twice', async () => {
    const { key, token } = await held(alice)
    const body = alice.submission(key, token, `${key.taskId}`)
    const first = await submit(alice, body)
    expect(first.status).toBe(200)
    const counted = await statistics()
    api.advance(90_000)
    expect(await submit(alice, body)).toMatchObject({ status: 200, body: first.body })
    const [second, third] = await Promise.all([submit(alice, body), submit(alice, body)])
    expect([second.body, third.body]).toEqual([first.body, first.body])
    expect(await statistics()).toEqual(counted)
  })

  it('stores one sample when the same submission arrives many times at once', async () => {
    const { key, token } = await held(alice)
    const before = await statistics()
    const body = alice.submission(key, token, 'wrong')
    const replies = await Promise.all(Array.from({ length: 6 }, () => submit(alice, body)))
    expect(
      new Set(replies.map(({ status, body: stored }) => `${status} ${JSON.stringify(stored)}`)).size,
    ).toBe(1)
    expect(replies[0]).toMatchObject({ status: 200, body: { outcome: 'stored', score: 0, success: false } })
    expect((await statistics()).totalSamples).toBe(before.totalSamples + 1)
  })

  it('keeps the first answer: another one is refused afterwards', async () => {
    const { key, token } = await held(alice)
    await submit(alice, alice.submission(key, token, 'wrong'))
    const other = await submit(alice, alice.submission(key, token, `${key.taskId}`))
    expect(other).toMatchObject({ status: 409, body: { error: { code: 'completed' } } })
    expect(await api.repositories.samples.find({ key })).toMatchObject({ score: 0 })
  })

  it('refuses whoever does not hold the lease', async () => {
    const { key, token } = await held(alice)
    const stolen = await submit(bob, bob.submission(key, token, `${key.taskId}`))
    expect(stolen).toMatchObject({ status: 403, body: { error: { code: 'not_assigned' } } })
    const invented = `${bob.hotkey}.invented-claim-01`
    expect(await submit(bob, bob.submission(key, invented, `${key.taskId}`))).toMatchObject({
      status: 409,
      body: { error: { code: 'lease_lost' } },
    })
    expect(await api.repositories.samples.find({ key })).toBeNull()
    expect(await submit(alice, alice.submission(key, token, `${key.taskId}`))).toMatchObject({ status: 200 })
  })

  it('lets one of two executors win that race for one task, and tells the other why', async () => {
    const first = await held(alice)
    api.advance(61_000)
    await api.repositories.samplingTasks.sweep({ environment: 'echo', now: api.now() })
    const second = claimReply.parse((await claim(bob)).body)
    expect(second.tasks.map(({ taskId }) => taskId)).toEqual([first.key.taskId])
    const [late, inTime] = await Promise.all([
      submit(alice, alice.submission(first.key, first.token, 'late')),
      submit(bob, bob.submission(first.key, second.token, `${first.key.taskId}`)),
    ])
    expect(inTime).toMatchObject({ status: 200, body: { outcome: 'stored', score: 1 } })
    expect(late).toMatchObject({
      status: 409,
      body: { error: { hint: expect.stringContaining('claim another') } },
    })
    expect(await api.repositories.samples.find({ key: first.key })).toMatchObject({ score: 1 })
  })

  it('finishes what another worker left: its sample stands, and the second one is told so', async () => {
    const { key, token } = await held(alice)
    const { samples, samplingTasks } = api.repositories
    const answer = `${key.taskId}`
    // Of a worker that was killed after it had stored its sample.
    const sample = {
      ...key,
      uid: 7,
      modelName: 'acme/model',
      modelHash: registration.modelHash,
      subset: 'all',
      datasetIndex: key.taskId,
      score: 1,
      success: true,
      latencyMs: 9,
      takenAt: api.now(),
      validatorHotkey: minerHotkey,
      blockNumber: 999,
      signature: null,
    }
    const attempt = { number: 1, worker: 'killed-worker', outcome: 'scored', error: null }
    const messages = [{ role: 'assistant', content: answer }]
    await samples.put({ sample, conversation: { messages, details: { attempt } }, sharedPrompt: null })
    const body = alice.submission(key, token, answer)
    const first = await submit(alice, body)
    expect(first).toMatchObject({ status: 200, body: { outcome: 'superseded', score: 1 } })
    expect(await submit(alice, body)).toMatchObject({ status: 200, body: first.body })
    expect(await samplingTasks.find({ key, now: api.now() })).toMatchObject({ status: 'completed' })
    expect(await samples.find({ key })).toMatchObject({ blockNumber: 999, signature: null })
  })

  it('refuses the late answer of a task that was revoked, and stores nothing', async () => {
    const { key, token } = await held(alice)
    await api.repositories.samplingTasks.revoke({ minerHotkey, exceptModelHash: 'hash9', now: api.now() })
    expect(await submit(alice, alice.submission(key, token, `${key.taskId}`))).toMatchObject({
      status: 409,
      body: { error: { code: 'revoked' } },
    })
    expect(await api.repositories.samples.find({ key })).toBeNull()
  })

  it('revokes and refuses when the miner changed its model while it was asked', async () => {
    const { key, token } = await held(alice)
    await api.repositories.miners.put({
      registration: { ...registration, modelHash: 'hash3' },
      now: api.now(),
    })
    expect(await submit(alice, alice.submission(key, token, `${key.taskId}`))).toMatchObject({
      status: 409,
      body: { error: { code: 'revoked' } },
    })
    expect(await api.repositories.samples.find({ key })).toBeNull()
  })

  it('takes an answer of several megabytes, and gives it back as it was', async () => {
    const { key, token } = await held(alice)
    const answer = `${key.taskId} ${randomBytes(3_000_000).toString('base64')} "\u0000\\ 漢字 👩‍🚀`
    const reply = await submit(alice, alice.submission(key, token, answer))
    expect(reply).toMatchObject({ status: 200, body: { outcome: 'stored', score: 1 } })
    const { environment, generation, modelRevision, taskId } = key
    const path = `/v1/samples/${minerHotkey}/${modelRevision}/${environment}/${generation}/${taskId}/conversation`
    const read = await fetch(`${api.address}${path}`)
    expect(read.status).toBe(200)
    expect(read.headers.get('content-type')).toMatch(/^application\/json/)
    expect(read.headers.get('x-content-type-options')).toBe('nosniff')
    expect(await read.json()).toMatchObject({ messages: [{}, { role: 'assistant', content: answer }] })
  })

  it('refuses a submission over 16 MB', async () => {
    const { key, token } = await held(alice)
    const huge = alice.submission(key, token, 'x'.repeat(17 * 1024 * 1024))
    expect(await submit(alice, huge)).toMatchObject({ status: 413, body: { error: { code: 'too_large' } } })
    expect(await submit(alice, alice.submission(key, token, 'small'))).toMatchObject({ status: 200 })
  })

  it('refuses megabytes of brackets before they are parsed', async () => {
    for (const bomb of ['['.repeat(8_000_000), `{"messages":[${'{},'.repeat(4_000_000)}{}]}`]) {
      expect(await submit(alice, bomb)).toMatchObject({ status: 422, body: { error: { field: 'body' } } })
    }
  })

  it('refuses what does not fit the task: signature, conversation, task', async () => {
    const { key, token } = await held(alice)
    const good = alice.submission(key, token, 'an answer')
    const elsewhere = { ...key, taskId: 99_999 }
    const prompt = { role: 'user', content: `say ${key.taskId}` }
    for (const [body, status, field] of [
      [{ ...good, answer: 'another answer' }, 422, 'body.signature'],
      [{ ...good, latencyMs: 1 }, 422, 'body.signature'],
      [{ ...good, latencyMs: -1 }, 422, 'body.latencyMs'],
      [{ ...good, messages: [{ role: 'user', content: 'something else' }] }, 422, 'body.messages'],
      [{ ...good, usage: { nested: {} } }, 422, 'body.usage.nested'],
      [alice.submission(elsewhere, token, 'an answer'), 404, undefined],
      [alice.submission({ ...key, environment: 'chess' }, token, 'an answer'), 404, undefined],
    ] as const) {
      expect(await submit(alice, body)).toMatchObject({
        status,
        body: { error: field === undefined ? {} : { field } },
      })
    }
    const told = {
      ...good,
      messages: [prompt, { role: 'assistant', content: 'hm' }, { role: 'user', content: 'go on' }],
    }
    expect(await submit(alice, told)).toMatchObject({ status: 200, body: { outcome: 'stored' } })
    const conversation = await api.repositories.samples.findConversation({ key })
    expect(conversation?.messages.map(({ content }) => content)).toEqual([
      prompt.content,
      'hm',
      'go on',
      'an answer',
    ])
  })
})

describe('failing', () => {
  it('of the miner is a signed sample with score 0, the same when it is told again', async () => {
    const { key, token } = await held(alice)
    const before = await statistics()
    const body = alice.minerFault(key, token, 'timeout')
    const first = await fail(alice, body)
    expect(first).toMatchObject({ status: 200, body: { outcome: 'stored', score: 0, success: false } })
    expect(await fail(alice, body)).toMatchObject({ status: 200, body: first.body })
    expect((await statistics()).errorCount).toBe(before.errorCount + 1)
    const sample = await api.repositories.samples.find({ key })
    const statement = { key, answerSha256: null, fault: 'timeout', latencyMs: 5_000 }
    expect(isSignedBy(alice.hotkey, sampleText(statement), sample?.signature ?? '')).toBe(true)
    expect(
      await fail(alice, { ...alice.minerFault(key, token, 'timeout'), reason: 'bad_json' }),
    ).toMatchObject({
      status: 422,
    })
  })

  it('of the way to it puts the task back without a sample, and quarantines it after the last attempt', async () => {
    const { key, token } = await held(alice, { maxAttempts: 1 })
    const report = {
      ...key,
      token,
      kind: 'infrastructure_fault',
      reason: 'no_route',
      message: 'down',
      latencyMs: 3,
    }
    const first = await fail(alice, report)
    expect(first).toMatchObject({ status: 200, body: { outcome: 'put_back', status: 'quarantined' } })
    expect(await fail(alice, report)).toMatchObject({ status: 200, body: first.body })
    expect(await fail(alice, { ...report, message: 'another' })).toMatchObject({ status: 409 })
    expect(await fail(bob, report)).toMatchObject({ status: 403 })
    expect(await api.repositories.samples.find({ key })).toBeNull()
  })
})

describe('a heartbeat', () => {
  it('keeps the lease of its owner only', async () => {
    const { key, token } = await held(alice)
    const beat = async (by: RemoteExecutor): Promise<ApiReply> =>
      await by.post(api.address, '/v1/tasks/heartbeat', { ...key, token })
    for (let beats = 0; beats < 3; beats += 1) {
      api.advance(40_000)
      expect(await beat(alice)).toMatchObject({ status: 200, body: { leaseExpiresAt: expect.any(String) } })
    }
    expect(await beat(bob)).toMatchObject({ status: 403 })
    expect(await submit(alice, alice.submission(key, token, `${key.taskId}`))).toMatchObject({ status: 200 })
    expect(await beat(alice)).toMatchObject({ status: 409, body: { error: { code: 'completed' } } })
  })
})
