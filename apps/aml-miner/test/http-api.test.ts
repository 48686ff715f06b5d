import { join } from 'node:path'

import { createMetrics, setupLogger } from '@subnetkit/core'
import type { HttpServer } from '@subnetkit/core/http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'

import type { Miner } from '../src/compose.ts'
import { createApiServer } from '../src/http/api-server.ts'
import { callMiner } from './fixtures/miner-call.ts'
import { publishedTables, writeSnapshot } from './fixtures/published-snapshot.ts'
import {
  dayFlagsOf,
  dayOf,
  freshNetwork,
  openMiner,
  sharedDataDir,
  tempFolder,
} from './fixtures/test-miner.ts'

const dataDir = sharedDataDir()
const day = dayOf(freshNetwork())
const emptyNetwork = freshNetwork()
let miner: Miner
let server: HttpServer
let isUp = true

beforeAll(async () => {
  await using temp = await tempFolder()
  for (const [date, variant] of [
    ['2025-07-31', 0],
    ['2025-08-01', 1],
  ] as const) {
    const on = dayOf(day.network, date)
    const folder = await writeSnapshot(join(temp.path, date), on, { tables: publishedTables(on, variant) })
    const { code, err } = await callMiner({ dataDir }, 'run', ...dayFlagsOf(on), '--snapshot', folder)
    if (code !== 0) throw new Error(err)
  }
  miner = await openMiner(day.network)
  const { repositories } = miner.deps
  const latest = await repositories.batches.findCompleted({ key: day })
  if (latest === null) throw new Error('the day was not scored')
  const failed = {
    ...latest,
    attempt: 9,
    status: 'FAILED',
    resultsHash: null,
    errorMessage: 'planted',
  } as const
  await repositories.batches.put({ batch: { ...failed, processedAt: miner.clock.now() } })
  const onlyFailed = dayOf(day.network, '2025-08-02')
  await repositories.batches.put({ batch: { ...failed, ...onlyFailed, processedAt: miner.clock.now() } })
  let requests = 0
  server = await createApiServer(
    {
      networks: [day.network, emptyNetwork],
      storesOf: (network) => {
        if (network === day.network || network === emptyNetwork) return repositories
        throw Object.assign(new Error('unknown'), { name: 'Unreachable' })
      },
      defaultWindowDays: 30,
      apiVersion: '1.2.3',
      githubUrl: 'https://example.org/miner',
      commitHash: 'abc',
    },
    {
      logger: setupLogger({
        app: 'aml-miner',
        network: null,
        task: 'test',
        level: 'error',
        isTerminal: false,
        destination: { write: () => undefined },
      }),
      metrics: createMetrics({ service: 'aml-miner-test', version: '1.2.3' }),
      createRequestId: () => `r${(requests += 1)}`,
      health: () => Promise.resolve({ clickhouse: isUp ? 'up' : 'down' }),
    },
  )
}, 120_000)

afterAll(async () => {
  await server.close()
  await miner[Symbol.asyncDispose]()
})

async function get(path: string): Promise<{ status: number; body: unknown }> {
  const reply = await server.inject({ method: 'GET', url: path })
  return { status: reply.statusCode, body: reply.json() }
}

const pageSchema = z.object({
  items: z.array(z.record(z.string(), z.unknown())),
  nextCursor: z.string().nullable(),
  total: z.int().optional(),
})

/** All items of a paged route, a page at a time. */
async function walk(
  path: string,
  limit: number,
): Promise<{ items: Record<string, unknown>[]; pages: number }> {
  const items: Record<string, unknown>[] = []
  let cursor: string | null = null
  let pages = 0
  do {
    const after: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`
    const { body, status } = await get(`${path}&limit=${limit}${after}`)
    expect(status).toBe(200)
    const page = pageSchema.parse(body)
    items.push(...page.items)
    cursor = page.nextCursor
    pages += 1
  } while (cursor !== null)
  return { items, pages }
}

describe('the read API', () => {
  const query = `network=${day.network}`

  it('says which networks, versions and dates there are', async () => {
    const { body } = await get('/v1/networks')
    expect(body).toMatchObject({
      items: [
        {
          network: day.network,
          latestDate: '2025-08-01',
          totalDates: 2,
          latestAlertScores: 12,
          latestClusterScores: 3,
        },
        { network: emptyNetwork, latestDate: null, totalDates: 0, models: null, latestAlertScores: 0 },
      ],
    })
    expect(await get(`/v1/version?${query}`)).toMatchObject({
      status: 200,
      body: { apiVersion: '1.2.3', githubUrl: 'https://example.org/miner', commitHash: 'abc' },
    })
    expect((await get(`/v1/dates/available?${query}`)).body).toEqual({
      dates: ['2025-08-01', '2025-07-31'],
      totalCount: 2,
    })
    expect((await get(`/v1/dates/latest?${query}`)).body).toMatchObject({ latestDate: '2025-08-01' })
  })

  it.each([
    ['/v1/scores/alerts', 12, 'alertId'],
    ['/v1/rankings/alerts', 12, 'alertId'],
    ['/v1/scores/clusters', 3, 'clusterId'],
  ])(
    '%s gives every item once, whatever the page size, by date and as the latest',
    async (route, total, id) => {
      const whole = await walk(`${route}/2025-08-01?${query}`, 1000)
      expect(whole.items).toHaveLength(total)
      expect(new Set(whole.items.map((item) => item[id])).size).toBe(total)
      const paged = await walk(`${route}/latest?${query}`, 2)
      expect(paged.items).toEqual(whole.items)
      expect(paged.pages).toBeGreaterThanOrEqual(Math.ceil(total / 2))
      const scores = whole.items.map(({ score }) => Number(score))
      expect(scores).toEqual(scores.toSorted((a, b) => b - a))
      const { body } = await get(`${route}/2025-08-01?${query}`)
      expect(body).toMatchObject({
        network: day.network,
        processingDate: '2025-08-01',
        windowDays: 30,
        total,
      })
    },
  )

  it('explains one alert, so that base and parts add up to the score', async () => {
    const { items } = await walk(`/v1/rankings/alerts/latest?${query}`, 100)
    const first = items[0]
    const { body, status } = await get(`/v1/alerts/2025-08-01/${String(first?.['alertId'])}?${query}`)
    expect(status).toBe(200)
    const alert = z
      .object({
        score: z.number(),
        base: z.number(),
        contributions: z.array(z.object({ impact: z.number() })),
        alert: z.object({ evidence: z.object({ note: z.literal('fixture') }), severity: z.string() }),
      })
      .parse(body)
    expect(alert.score).toBe(first?.['score'])
    const sum = alert.contributions.reduce((total, { impact }) => total + impact, alert.base)
    expect(sum).toBeCloseTo(alert.score, 9)
  })

  it('lists attempts, failed ones too, but serves results of completed ones only', async () => {
    const { items } = await walk(`/v1/batches?${query}`, 2)
    expect(items.map(({ processingDate, status }) => `${String(processingDate)} ${String(status)}`)).toEqual([
      '2025-08-02 FAILED',
      '2025-08-01 FAILED',
      '2025-08-01 COMPLETED',
      '2025-07-31 COMPLETED',
    ])
    expect(await get(`/v1/scores/alerts/2025-08-02?${query}`)).toMatchObject({ status: 404 })
    expect((await get(`/v1/scores/alerts/latest?${query}`)).body).toMatchObject({
      processingDate: '2025-08-01',
    })
  })

  it.each([
    [
      `/v1/scores/alerts/2020-01-01?${query}`,
      404,
      'not_found',
      /has no completed batch of 30 days for 2020-01-01.*\/v1\/dates\/available/,
    ],
    [`/v1/scores/alerts/latest?network=${emptyNetwork}`, 404, 'not_found', /has no completed batch/],
    [`/v1/version?network=${emptyNetwork}`, 404, 'not_found', /has no completed batch/],
    [`/v1/alerts/2025-08-01/no-such-alert?${query}`, 404, 'not_found', /has no alert no-such-alert/],
    [`/v1/scores/alerts/2025-02-30?${query}`, 422, 'invalid_input', /2025-02-30/],
    [`/v1/scores/alerts/yesterday?${query}`, 422, 'invalid_input', /yesterday/],
    ['/v1/scores/alerts/latest', 422, 'invalid_input', /network/],
    [`/v1/scores/alerts/latest?${query}&limit=0`, 422, 'invalid_input', /limit/],
    [`/v1/scores/alerts/latest?${query}&limit=1001`, 422, 'invalid_input', /limit/],
    [`/v1/scores/alerts/latest?${query}&cursor=broken`, 422, 'invalid_input', /cursor/],
    [`/v1/scores/alerts/latest?${query}&windowDays=zero`, 422, 'invalid_input', /windowDays/],
    [`/v1/scores/alerts/latest?${query}&colour=red`, 422, 'invalid_input', /colour/],
    ['/v1/nothing', 404, 'not_found', /\/openapi\.json/],
  ])('refuses %s', async (path, status, code, message) => {
    const reply = await get(path)
    expect(reply).toMatchObject({ status, body: { error: { code } } })
    expect(JSON.stringify(reply.body)).toMatch(message)
  })

  it('describes all of its routes as OpenAPI 3.1', async () => {
    const { body } = await get('/openapi.json')
    const document = z
      .object({
        openapi: z.literal('3.1.0'),
        paths: z.record(z.string(), z.object({ get: z.looseObject({ responses: z.looseObject({}) }) })),
      })
      .parse(body)
    expect(Object.keys(document.paths).toSorted()).toEqual([
      '/health',
      '/v1/alerts/{date}/{alertId}',
      '/v1/batches',
      '/v1/dates/available',
      '/v1/dates/latest',
      '/v1/networks',
      '/v1/rankings/alerts/{date}',
      '/v1/scores/alerts/{date}',
      '/v1/scores/clusters/{date}',
      '/v1/version',
    ])
    for (const { get: route } of Object.values(document.paths))
      expect(Object.keys(route.responses)).toContain('200')
  })

  it('tells its health and its metrics', async () => {
    expect(await get('/health')).toMatchObject({
      status: 200,
      body: { status: 'up', parts: { clickhouse: 'up' } },
    })
    isUp = false
    expect(await get('/health')).toMatchObject({ status: 503, body: { status: 'down' } })
    isUp = true
    const metrics = await server.inject({ method: 'GET', url: '/metrics' })
    expect(metrics.statusCode).toBe(200)
    expect(metrics.body).toMatch(/^# TYPE \w+ /m)
  })
})
