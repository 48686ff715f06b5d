import { existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

import { type JsonValue, StorageError, weightCycleSummarySchema } from '@subnetkit/core'
import { buildMinerWeightTrace, buildTraceTask } from '@subnetkit/core/contracts'
import { type Browser, chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'

import type { RecordStore } from '../src/ports/record-store.ts'
import {
  type ApiUnderTest,
  minerHotkey,
  recordScope,
  registration,
  startApi,
} from './fixtures/api-under-test.ts'
import { fillRecordUntilNow } from './fixtures/filled-record.ts'
import type { RecordedCycle } from './fixtures/record-content.ts'
import { fillAgentRecord, workedAgents } from './fixtures/worked-agents.ts'

const isSoak = process.env['SUBNETKIT_SOAK'] === '1'
const size = isSoak ? { miners: 256, cycles: 120 } : { miners: 12, cycles: 6 }
const browser = '/usr/bin/chromium'
const hasChromium = existsSync(browser)
const hostileTask = '<svg/onload=alert(1)>"&'
const hostileModel = '</title><script>alert(2)</script>'

let api: ApiUnderTest
let record: RecordStore
/** Newest first: committed and hidden, in effect, in effect, failed. */
let newest: readonly RecordedCycle[]
let address: string
/** Of the same record, for an operator's own eyes. */
let ownAddress: string

beforeAll(async () => {
  api = await startApi()
  record = await api.openRecord()
  newest = await fillRecordUntilNow(api, record, size)
  await fillAgentRecord(record.repositories)
  // A name that a miner chose, and a task that nobody would call so.
  const tasks = [buildTraceTask({ task: hostileTask }), buildTraceTask({ task: 'w'.repeat(128) })]
  const { cycleId, createdAt } = cycleAt(1)
  const trace = buildMinerWeightTrace({
    ...recordScope,
    cycleId,
    hotkey: minerHotkey,
    uid: 7,
    tasks,
    createdAt,
  })
  await record.repositories.minerWeightTraces.put({
    traces: [{ ...trace, submittedWeight: 0, submittedValue: 0 }],
  })
  await api.repositories.miners.put({
    registration: { ...registration, modelName: hostileModel, lastBlock: 11 },
    now: api.now(),
  })
  const open = async (): Promise<RecordStore> => api.openRecord()
  address = await api.serve({}, { open })
  ownAddress = await api.serve({}, { open, showUnrevealed: true })
  for (const server of [address, ownAddress]) {
    while ((await fetch(`${server}/v1/cycles`)).status === 503) await sleep(50)
  }
}, 120_000)
afterAll(async () => {
  await record[Symbol.asyncDispose]()
  await api[Symbol.asyncDispose]()
})

function cycleAt(place: number): RecordedCycle['cycle'] {
  const content = newest[place]
  if (content === undefined) throw new Error(`there is no cycle at place ${place}`)
  return content.cycle
}

async function get(
  path: string,
  server = address,
): Promise<{ status: number; text: string; body: JsonValue }> {
  const reply = await fetch(`${server}${path}`)
  const text = await reply.text()
  return { status: reply.status, text, body: z.json().parse(JSON.parse(text)) }
}

async function getPage(
  path: string,
  server = address,
): Promise<{ status: number; text: string; headers: Headers }> {
  const reply = await fetch(`${server}${path}`, { redirect: 'manual' })
  return { status: reply.status, text: await reply.text(), headers: reply.headers }
}

const error = (code: string) => ({ error: expect.objectContaining({ code }) })

describe('the record over HTTP', () => {
  it('ranks miners by the newest cycle that the chain shows, page by page', async () => {
    const board = z.object({
      cycle: weightCycleSummarySchema.pick({ cycleId: true }).loose(),
      items: z.array(
        z.object({ rank: z.int(), hotkey: z.string(), weight: z.number(), incentive: z.number().nullable() }),
      ),
      nextCursor: z.string().nullable(),
    })
    const whole = board.parse((await get('/v1/leaderboard?limit=1000')).body)
    expect(whole.cycle.cycleId).toBe(cycleAt(1).cycleId)
    expect(whole.items).toHaveLength(size.miners + 1)
    expect(whole.items.map(({ weight }) => weight)).toEqual(
      whole.items.map(({ weight }) => weight).toSorted((a, b) => b - a),
    )
    expect(whole.items[0]).toMatchObject({
      rank: 1,
      incentive: expect.closeTo(whole.items[0]?.weight ?? 0, 0),
    })
    const first = board.parse((await get('/v1/leaderboard?limit=5')).body)
    const next = board.parse((await get(`/v1/leaderboard?limit=1000&cursor=${first.nextCursor ?? ''}`)).body)
    expect([...first.items, ...next.items]).toEqual(whole.items)
    expect(next.nextCursor).toBeNull()
  })

  it('lists cycles with their steps and never a weight that the chain does not show', async () => {
    const { body, text } = await get('/v1/cycles?limit=4')
    expect(body).toMatchObject({
      items: ['included', 'effective', 'effective', 'failed'].map((state, at) => ({
        cycleId: cycleAt(at).cycleId,
        state,
        areWeightsShown: state === 'effective',
      })),
    })
    expect(text).not.toContain('"weights"')
    const hidden = cycleAt(0)
    expect((await get(`/v1/cycles/${hidden.cycleId}`)).body).toMatchObject({
      areWeightsShown: false,
      weights: [],
    })
    expect((await get(`/v1/cycles/${hidden.cycleId}`, ownAddress)).body).toMatchObject({
      areWeightsShown: true,
      weights: hidden.weights.map(({ hotkey, weight }) => ({ hotkey, weight })),
    })
    expect((await get(`/v1/cycles/${cycleAt(1).cycleId}`)).body).toMatchObject({
      weights: cycleAt(1).weights.map(({ hotkey, value }) => ({ hotkey, value })),
    })
  })

  it('gives no number of a hidden cycle away, by any route or page', async () => {
    const content = newest[0]
    const secrets = content?.traces.flatMap(({ raw, submittedWeight }) => [raw, submittedWeight]) ?? []
    const known = new Set(
      newest
        .slice(1)
        .flatMap(({ traces }) => traces.flatMap(({ raw, submittedWeight }) => [raw, submittedWeight])),
    )
    const telling = secrets.filter((number) => number > 0.001 && !known.has(number)).map(String)
    expect(telling.length).toBeGreaterThan(5)
    const { cycleId } = cycleAt(0)
    const miner = content?.traces[0]?.hotkey ?? ''
    const paths = [
      '/v1/leaderboard',
      '/v1/cycles',
      `/v1/cycles/${cycleId}`,
      `/v1/miners/${miner}/history`,
      '/v1/stats/daily',
    ]
    const pages = ['/', '/cycles', `/cycles/${cycleId}`, `/miners/${miner}`]
    const texts = await Promise.all(
      [...paths, `/v1/miners/${miner}/pipeline`, ...pages].map(async (path) => (await getPage(path)).text),
    )
    for (const text of texts) expect(telling.filter((number) => text.includes(number))).toEqual([])
    expect(await get(`/v1/miners/${miner}/pipeline?cycle=${cycleId}`)).toMatchObject({
      status: 409,
      body: error('not_revealed'),
    })
    expect(await getPage(`/miners/${miner}?cycle=${cycleId}`)).toMatchObject({ status: 409 })
    const own = await get('/v1/stats/daily?limit=1000', ownAddress)
    expect(telling.filter((number) => own.text.includes(number)).length).toBeGreaterThan(5)
  })

  it('follows a miner through a cycle and over time', async () => {
    const [, shown] = newest
    const trace = shown?.traces[0]
    const { body } = await get(`/v1/miners/${trace?.hotkey ?? ''}/pipeline`)
    expect(body).toMatchObject({
      cycle: { cycleId: shown?.cycle.cycleId },
      trace: { hotkey: trace?.hotkey, raw: trace?.raw, pathway: trace?.pathway },
      incentive: { epochBlock: shown?.cycle.effectiveBlock, uid: trace?.uid },
    })
    const history = z.object({ weights: z.array(z.looseObject({})), incentives: z.array(z.looseObject({})) })
    const { weights, incentives } = history.parse(
      (await get(`/v1/miners/${trace?.hotkey ?? ''}/history`)).body,
    )
    // Neither the hidden one nor the one that failed; the failed one's epoch ran all the same.
    expect([weights.length, incentives.length]).toEqual([size.cycles - 2, size.cycles - 1])
    expect((await get(`/v1/miners/${trace?.hotkey ?? ''}/history?limit=2`)).body).toMatchObject({
      incentives: { length: 2 },
    })
  })

  it('tells statistics of a period and the last epoch', async () => {
    expect((await get('/v1/stats/all_time?limit=1')).body).toMatchObject({
      items: [
        {
          periodType: 'all_time',
          overallRank: 1,
          cycleId: cycleAt(1).cycleId,
          scoringPathway: expect.any(String),
        },
      ],
    })
    expect((await get('/v1/stats/daily?at=2001-02-03T04:05:06Z')).body).toMatchObject({
      items: [],
      nextCursor: null,
    })
    expect((await get('/v1/chain/epochs/latest')).body).toMatchObject({
      epochBlock: cycleAt(1).effectiveBlock,
      neurons: { length: size.miners + 1 },
    })
  })

  it.each([
    ['/v1/leaderboard?cursor=nonsense', 422, 'query.cursor'],
    ['/v1/leaderboard?limit=0', 422, 'query.limit'],
    [
      `/v1/leaderboard?cursor=${Buffer.from(`${'f'.repeat(32)}/3`).toString('base64url')}`,
      422,
      'earlier cycle',
    ],
    ['/v1/cycles?cursor=nonsense', 422, 'cursor'],
    ['/v1/cycles/latest', 422, 'params.id'],
    [`/v1/cycles/${'f'.repeat(32)}`, 404, '/v1/cycles lists'],
    ['/v1/miners/5Nobody/history', 404, '/v1/leaderboard'],
    ['/v1/miners/5Nobody/pipeline', 404, '/v1/leaderboard'],
    ['/v1/stats/hourly', 422, 'params.period'],
    ['/v1/stats/daily?at=yesterday', 422, 'query.at'],
    ['/v1/stats/daily?at=1950-01-01T00:00:00Z', 422, '1970'],
  ])('answers %s with %d and the way out', async (path, status, wayOut) => {
    const reply = await get(path)
    expect({ status: reply.status, has: reply.text.includes(wayOut), text: reply.text }).toMatchObject({
      status,
      has: true,
    })
  })

  it('answers 503 while the record is not there, and everything else goes on', async () => {
    const failing = async (): Promise<RecordStore> => {
      throw new StorageError({ code: 'unavailable', message: 'secret host is down' })
    }
    const [opening, down] = await Promise.all([api.serve(), api.serve({}, { open: failing })])
    while ((await get('/v1/cycles', down)).text.includes('record_opening')) await sleep(10)
    expect(await get('/v1/leaderboard', opening)).toMatchObject({
      status: 503,
      body: error('record_opening'),
    })
    const { status, body, text } = await get('/v1/cycles', down)
    expect({ status, body }).toMatchObject({ status: 503, body: error('record_down') })
    expect(text).not.toContain('secret')
    const page = await getPage('/', down)
    expect({ status: page.status, retry: page.headers.get('retry-after') }).toEqual({
      status: 503,
      retry: '5',
    })
    expect(page.text).toMatch(/http-equiv="refresh"[\s\S]*record of weights does not answer/)
    expect((await get(`/v1/miners/${minerHotkey}`, down)).status).toBe(200)
  })
})

describe('pages', () => {
  it('escape what miners call themselves, and allow no script at all', async () => {
    const { headers, status, text } = await getPage(`/miners/${minerHotkey}`)
    expect(status).toBe(200)
    expect(text).toContain('&lt;svg/onload=alert(1)&gt;&quot;&amp;')
    expect(text).toContain('&lt;/title&gt;&lt;script&gt;alert(2)&lt;/script&gt;')
    expect(text).not.toMatch(/<script|<svg\/onload|\son\w+\s*=|style="|javascript:/i)
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-/)
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    const crooked = await getPage(`/miners?miner=${encodeURIComponent('"><script>alert(3)</script>')}`)
    expect(crooked.status).toBe(422)
    expect(crooked.text).not.toContain('<script')
  })

  it('find a miner by uid or hotkey, and say so when there is none', async () => {
    const { hotkey, uid } = newest[1]?.traces[0] ?? { hotkey: '', uid: null }
    const found = await getPage(`/miners?miner=%20${uid ?? ''}%20`)
    expect([found.status, found.headers.get('location')]).toEqual([302, `/miners/${uid ?? ''}`])
    const byUid = await getPage(`/miners/${uid ?? ''}`)
    expect([byUid.status, byUid.headers.get('location')]).toEqual([302, `/miners/${hotkey}`])
    for (const path of ['/miners/9999', '/miners/5Nobody', `/cycles/${'f'.repeat(32)}`]) {
      const { status, text } = await getPage(path)
      expect([status, text.includes('<h1>Not found</h1>')]).toEqual([404, true])
    }
    expect((await getPage('/miners/99999')).status).toBe(422)
    expect((await getPage('/cycles?cursor=nonsense')).status).toBe(422)
  })
})

describe.skipIf(!hasChromium)('pages in a browser [needs chromium]', () => {
  let chrome: Browser
  beforeAll(async () => {
    const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run']
    chrome = await chromium.launch({ executablePath: browser, args })
  })
  afterAll(async () => {
    await chrome.close()
  })

  it('fit both widths and both schemes, with headings in order, named pictures and no trouble', async () => {
    const miner = newest[1]?.traces[0]?.hotkey ?? ''
    const paths = [
      '/',
      `/miners/${miner}`,
      `/miners/${minerHotkey}`,
      '/cycles',
      `/cycles/${cycleAt(0).cycleId}`,
      `/cycles/${cycleAt(1).cycleId}`,
      '/agents',
      `/agents/${workedAgents.agents[0]?.agentId ?? ''}`,
    ]
    const troubles: string[] = []
    const colours = new Set<string>()
    for (const colorScheme of ['light', 'dark'] as const) {
      const page = await chrome.newPage({ colorScheme, javaScriptEnabled: true })
      page.on('pageerror', ({ message }) => void troubles.push(message))
      page.on('console', (message) => void troubles.push(message.text()))
      page.on('dialog', () => void troubles.push('a dialog opened'))
      page.on('request', (request) => {
        if (!request.url().startsWith(address)) troubles.push(request.url())
      })
      // The schemes differ in their colours only.
      const shown = isSoak || colorScheme === 'light' ? paths : paths.slice(0, 2)
      for (const path of shown) {
        await page.setViewportSize({ width: 1280, height: 900 })
        await page.goto(`${address}${path}`)
        for (const width of [1280, 390]) {
          await page.setViewportSize({ width, height: 900 })
          const found = audit.parse(JSON.parse(await page.evaluate<string>(AUDIT)))
          colours.add(found.background)
          expect({ path, width, ...found }).toMatchObject({
            lang: 'en',
            overflow: 0,
            unnamed: 0,
            headless: 0,
            skipped: 0,
            h1: 1,
          })
          expect(found.title).toMatch(/ · validator$/)
        }
        if (path.startsWith('/miners')) {
          expect(await page.locator('.picture.tall').isVisible()).toBe(true)
          expect(await page.locator('.picture.wide').isVisible()).toBe(false)
        }
      }
      await page.close()
    }
    expect(colours.size).toBe(2)
    expect(troubles).toEqual([])
  })
})

const audit = z.object({
  lang: z.string(),
  title: z.string(),
  background: z.string(),
  overflow: z.number(),
  unnamed: z.number(),
  headless: z.number(),
  skipped: z.number(),
  h1: z.number(),
})
/** What a page must have for everybody, counted in the page itself. */
const AUDIT = `(() => {
  const all = (selector) => [...document.querySelectorAll(selector)]
  const levels = all('h1,h2,h3').map((heading) => Number(heading.tagName[1]))
  return JSON.stringify({
    lang: document.documentElement.lang,
    title: document.title,
    background: getComputedStyle(document.body).backgroundColor,
    overflow: Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth),
    unnamed: all('svg,input,nav,[role=img],[role=region]').filter((one) => one.getAttribute('aria-hidden') !== 'true' && !one.getAttribute('aria-label')).length,
    headless: all('table').filter((table) => table.querySelectorAll('thead th[scope=col]').length === 0).length,
    skipped: levels.filter((level, at) => at > 0 && level > levels[at - 1] + 1).length,
    h1: levels.filter((level) => level === 1).length,
  })
})()`
