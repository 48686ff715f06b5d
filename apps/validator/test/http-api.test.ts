import { buildPublication } from '@subnetkit/core/contracts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'

import {
  minerHotkey,
  registration,
  startApi,
  validatorHotkey,
  type ApiUnderTest,
} from './fixtures/api-under-test.ts'

const environment = 'a/b:c'
const scope = { minerHotkey, modelRevision: 'rev1', environment }
const hostile = '</script><script>alert(1)</script>\u001b[31m\u0000'
let api: ApiUnderTest

beforeAll(async () => {
  api = await startApi()
  const { samples, systemConfig } = api.repositories
  for (const [generation, taskId] of [
    [0, 5],
    [1, 1],
    [1, 2],
    [1, 10],
    [2, 1],
  ] as const) {
    await samples.put({
      sample: {
        ...scope,
        generation,
        taskId,
        uid: 7,
        modelName: 'acme/model',
        modelHash: 'hash1',
        subset: 'all',
        datasetIndex: taskId,
        score: 0.1,
        success: false,
        latencyMs: 5,
        takenAt: new Date('2026-02-03T04:05:06.789Z'),
        validatorHotkey,
        blockNumber: 3,
        signature: null,
      },
      conversation: { messages: [{ role: 'assistant', content: hostile }], details: {} },
      sharedPrompt: null,
    })
  }
  const setting = { type: 'integer', value: 9_007_199_254_740_993n } as const
  await systemConfig.put({ key: 'big.number', setting, updatedBy: 'test', now: api.now() })
})
afterAll(async () => {
  await api[Symbol.asyncDispose]()
})

async function get(path: string): Promise<{ status: number; text: string; body: unknown }> {
  const reply = await fetch(`${api.address}${path}`)
  const text = await reply.text()
  return { status: reply.status, text, body: JSON.parse(text) }
}

const query = new URLSearchParams(scope).toString()

describe('reading', () => {
  it('tells who the validator is and what it asks', async () => {
    expect(await get('/v1/about')).toMatchObject({
      status: 200,
      body: { version: '1.2.3', validatorHotkey, environments: [{ name: 'echo', scoreRange: [0, 1] }] },
    })
  })

  it('lists miners and finds one', async () => {
    const { body } = await get('/v1/miners')
    expect(body).toMatchObject({ items: [{ hotkey: minerHotkey, uid: 7, pause: null }], nextCursor: null })
    expect((await get(`/v1/miners/${minerHotkey}`)).body).toMatchObject({ modelName: registration.modelName })
  })

  it('pages samples in the order of generation and task, of the generations asked for', async () => {
    const page = z.object({
      items: z.array(z.object({ generation: z.int(), taskId: z.int() })),
      nextCursor: z.string().nullable(),
    })
    const seen: string[] = []
    let cursor: string | null = null
    do {
      const after: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`
      const { items, nextCursor } = page.parse((await get(`/v1/samples?${query}&limit=2${after}`)).body)
      expect(items.length).toBeLessThanOrEqual(2)
      seen.push(...items.map(({ generation, taskId }) => `${generation}/${taskId}`))
      cursor = nextCursor
    } while (cursor !== null)
    expect(seen).toEqual(['0/5', '1/1', '1/2', '1/10', '2/1'])
    const first = page.parse((await get(`/v1/samples?${query}&fromGeneration=1&toGeneration=1`)).body)
    expect(first.items.map(({ taskId }) => taskId)).toEqual([1, 2, 10])
  })

  it('gives a sample and what was said, as JSON with every character of the miner escaped', async () => {
    const path = `/v1/samples/${minerHotkey}/rev1/${encodeURIComponent(environment)}/1/10`
    expect((await get(path)).body).toMatchObject({
      ...scope,
      taskId: 10,
      score: 0.1,
      takenAt: '2026-02-03T04:05:06.789Z',
    })
    const conversation = await get(`${path}/conversation`)
    expect(conversation.body).toEqual({ messages: [{ role: 'assistant', content: hostile }], details: {} })
    expect(conversation.text).not.toContain('\u001b')
    const reply = await fetch(`${api.address}${path}/conversation`)
    expect(reply.headers.get('content-type')).toBe('application/json; charset=utf-8')
    expect(reply.headers.get('x-content-type-options')).toBe('nosniff')
  })

  it('counts tasks', async () => {
    await api.plan([1, 2, 3])
    expect((await get('/v1/tasks/stats')).body).toEqual({
      items: [{ environment: 'echo', claimable: 3, waiting: 0, claimed: 0, quarantined: 0 }],
    })
  })

  it('gives configuration with every digit', async () => {
    const { body } = await get('/v1/config')
    expect(body).toMatchObject({
      items: [{ key: 'big.number', setting: { type: 'integer', value: '9007199254740993' } }],
    })
  })

  it('describes its routes, and is up', async () => {
    const document = z
      .object({ openapi: z.literal('3.1.0'), paths: z.record(z.string(), z.unknown()) })
      .parse((await get('/openapi.json')).body)
    expect(Object.keys(document.paths).toSorted()).toEqual([
      '/health',
      '/v1/about',
      '/v1/agent-uploads/next',
      '/v1/agents',
      '/v1/agents/by-hotkey/{hotkey}',
      '/v1/agents/count',
      '/v1/agents/leader',
      '/v1/agents/statistics',
      '/v1/agents/top',
      '/v1/agents/{agentId}',
      '/v1/agents/{agentId}/latest-execution',
      '/v1/agents/{agentId}/summary',
      '/v1/chain/epochs/latest',
      '/v1/config',
      '/v1/cycles',
      '/v1/cycles/{id}',
      '/v1/evaluations/claim',
      '/v1/evaluations/disconnect',
      '/v1/evaluations/{evaluationId}/finish',
      '/v1/evaluations/{evaluationId}/runs/{runId}',
      '/v1/executions/recent',
      '/v1/leaderboard',
      '/v1/miners',
      '/v1/miners/{hotkey}',
      '/v1/miners/{hotkey}/history',
      '/v1/miners/{hotkey}/pipeline',
      '/v1/samples',
      '/v1/samples/{minerHotkey}/{modelRevision}/{environment}/{generation}/{taskId}',
      '/v1/samples/{minerHotkey}/{modelRevision}/{environment}/{generation}/{taskId}/conversation',
      '/v1/scores/history/{hotkey}',
      '/v1/scores/latest',
      '/v1/stats/{period}',
      '/v1/tasks/claim',
      '/v1/tasks/fail',
      '/v1/tasks/heartbeat',
      '/v1/tasks/stats',
      '/v1/tasks/submit',
      '/v1/versions/{versionId}',
      '/v1/versions/{versionId}/code',
      '/v1/versions/{versionId}/evaluations',
      '/v1/versions/{versionId}/queue',
      '/v1/weights/history',
      '/v1/weights/latest',
      '/v1/weights/top-miner',
      '/v1/weights/top-miner/{hotkey}/share',
    ])
    expect(await get('/health')).toMatchObject({
      status: 200,
      body: { status: 'up', parts: { dynamo: 'up' } },
    })
  })

  it.each([
    ['/v1/miners/5Nobody', 404, 'not_found'],
    ['/v1/miners/no%20hotkey', 422, 'invalid_input'],
    ['/v1/miners?limit=0', 422, 'invalid_input'],
    ['/v1/miners?limit=1001', 422, 'invalid_input'],
    ['/v1/miners?cursor=nonsense', 422, 'invalid_input'],
    ['/v1/samples', 422, 'invalid_input'],
    [`/v1/samples?${query}&fromGeneration=2&toGeneration=1`, 422, 'invalid_input'],
    [`/v1/samples?${query}&minerHotkey=a`, 422, 'invalid_input'],
    [`/v1/samples/${minerHotkey}/rev1/echo/1/77`, 404, 'not_found'],
    [`/v1/samples/${minerHotkey}/rev1/echo/1/77/conversation`, 404, 'not_found'],
    [`/v1/samples/${minerHotkey}/rev1/echo/-1/77`, 422, 'invalid_input'],
    ['/v1/scores/latest', 404, 'not_found'],
    ['/v1/scores/history/%23', 422, 'invalid_input'],
    ['/v1/nothing', 404, 'not_found'],
    ['/v1/tasks/claim', 404, 'not_found'],
  ])('refuses %s with %i', async (path, status, code) => {
    expect(await get(path)).toMatchObject({
      status,
      body: { error: { code, message: expect.any(String) } },
    })
  })

  it('gives the latest scores whole, page by page, and the history of one miner', async () => {
    const hotkeys = ['5MinerA', '5MinerB', '5MinerC']
    for (const blockNumber of [100, 200]) {
      await api.repositories.minerScores.publish(
        buildPublication({ blockNumber, hotkeys, calculatedAt: api.now() }),
      )
    }
    const first = await get('/v1/scores/latest?limit=2')
    expect(first.body).toMatchObject({
      snapshot: { blockNumber: 200, minerCount: 3 },
      items: [{ minerHotkey: '5MinerA', blockNumber: 200 }, { minerHotkey: '5MinerB' }],
    })
    const { nextCursor } = z.object({ nextCursor: z.string() }).parse(first.body)
    const second = await get(`/v1/scores/latest?limit=2&cursor=${encodeURIComponent(nextCursor)}`)
    expect(second.body).toMatchObject({ items: [{ minerHotkey: '5MinerC' }], nextCursor: null })
    expect((await get('/v1/scores/history/5MinerB')).body).toMatchObject({
      items: [{ blockNumber: 200 }, { blockNumber: 100 }],
    })
  })

  it('has an empty history for a miner without scores', async () => {
    expect((await get(`/v1/scores/history/${minerHotkey}`)).body).toEqual({ items: [], nextCursor: null })
  })
})
