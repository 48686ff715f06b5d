import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

import { StorageError } from '@subnetkit/core'
import { type Browser, chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'

import {
  fillContest,
  fillRegistry,
  hostileText,
  hotkeyOf,
  type StoredContest,
} from './fixtures/contest-content.ts'
import { type ServedContest, serveContest } from './fixtures/served-contest.ts'

const browser = '/usr/bin/chromium'
const hasChromium = existsSync(browser)
/** Where screenshots go, for a person to look at; none are made without it. */
const shots = process.env['SUBNETKIT_SCREENSHOTS']

let served: ServedContest
let over: StoredContest
let running: StoredContest
let scores: StoredContest

beforeAll(async () => {
  served = await serveContest()
  const { repositories } = served.store
  const won = { winnerHotkey: hotkeyOf(1), isBaselineBeaten: true, completedAt: new Date('2026-02-06') }
  const change = { status: 'completed' as const, ...won }
  over = await fillContest({ repositories, name: 'Week 6', change, isScored: true })
  running = await fillContest({ repositories, name: 'Week 7', change: { status: 'in_progress' }, days: 1 })
  const ml = { status: 'completed' as const, imageType: 'ml' as const }
  scores = await fillContest({ repositories, name: 'Scores', change: ml, isScored: true })
  await fillRegistry(repositories)
}, 120_000)
afterAll(async () => {
  await served[Symbol.asyncDispose]()
})

const page = ({ tournament }: StoredContest): string => `/tournaments/${tournament.tournamentId}`
const run = (contest: StoredContest, hotkey: string, day = 1): string =>
  `${page(contest)}/participants/${hotkey}/days/${day}?network=torus&window_days=30`

describe('pages', () => {
  it('show ranks with scores and reasons, days, and what a run found and missed', async () => {
    const board = (await served.ask(page(over))).text
    expect(board).toMatch(/>1<[\s\S]*winner[\s\S]*0\.8600[\s\S]*the baseline[\s\S]*longer than the 60 s/)
    expect(board).toContain(`<code><bdi>${over.tournament.datasetSeed}</bdi></code>`)
    expect(board).toContain(`/days/2`)
    const day = (await served.ask(`${page(over)}/days/1`)).text
    expect(day).toContain('28 of 32 with 31')
    const way = (await served.ask(`${page(over)}/participants/${hotkeyOf(3)}`)).text
    expect(way).toMatch(/id="day-1"[\s\S]*timeout[\s\S]*id="day-2"[\s\S]*exit code 1/)
    const { text } = await served.ask(run(over, hotkeyOf(2)))
    expect(text).toMatch(/8 found|4 found, 0 missed/)
    expect(text.match(/<figure class="sketch found"/g)).toHaveLength(8)
    expect(text.match(/<figure class="sketch missed"/g)).toHaveLength(24)
    expect(text).toContain('cycle-Week6-00001')
    expect((await served.ask('/rankings?image_type=ml')).text).toContain('Nobody was ranked yet')
    expect((await served.ask(`/miners/${hotkeyOf(1)}`)).text).toContain('in a tournament')
    expect((await served.ask(run(scores, hotkeyOf(1)))).text).toContain('Precision at recall 0.8')
  })

  it('tell nothing but counts of a run whose tournament goes on', async () => {
    const { text } = await served.ask(run(running, hotkeyOf(1)))
    expect(text).toContain('is told once the tournament is completed; it is in progress')
    expect(text).toContain('28 of 32 with 31')
    expect(text).not.toMatch(/<figure|Week7-0000/)
    expect((await served.ask(page(running))).text).toContain('told once the tournament is completed')
  })

  it('escape what miners wrote, and allow no script at all', async () => {
    const paths = [
      page(over),
      `${page(over)}/days/1`,
      `${page(over)}/participants/${hotkeyOf(4)}`,
      run(over, hotkeyOf(4)),
      run(over, hotkeyOf(1)),
    ]
    for (const path of paths) {
      const { headers, status, text } = await served.ask(path)
      expect({ path, status }).toEqual({ path, status: 200 })
      expect(text).not.toMatch(/<script|<img|onerror=alert\(2\)>|style="|javascript:/i)
      expect(text).toContain('&lt;/title&gt;&lt;script&gt;')
      const style = /<style>([^]*?)<\/style>/.exec(text)?.[1] ?? ''
      const digest = createHash('sha256').update(style).digest('base64')
      expect(headers.get('content-security-policy')).toContain(
        `default-src 'none'; style-src 'sha256-${digest}'`,
      )
      expect(headers.get('content-security-policy')).not.toContain('unsafe')
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('referrer-policy')).toBe('no-referrer')
    }
    const asked = await served.ask(`/miners?hotkey=${encodeURIComponent(hostileText)}`)
    expect([asked.status, asked.text.includes('<script')]).toEqual([422, false])
  })

  it('say what is wrong as pages, with the way out', async () => {
    const found = await served.ask(`/miners?hotkey=%20${hotkeyOf(1)}%20`)
    expect([found.status, found.headers.get('location')]).toEqual([302, `/miners/${hotkeyOf(1)}`])
    for (const [path, status, says] of [
      ['/tournaments/week-6', 422, 'tournamentId'],
      ['/tournaments/00000000-0000-8000-8000-00000000abcd', 404, 'lists them'],
      [`${page(over)}/days/9`, 404, 'its days are 1 to 2'],
      [`${page(over)}/participants/5Nobody`, 404, 'takes no part'],
      [`${page(over)}/participants/baseline/days/1?network=torus`, 422, 'query.window_days'],
      ['/?offset=-1', 422, 'query.offset'],
      ['/miners/..%2F', 422, 'hotkey'],
    ] as const) {
      const { headers, status: got, text } = await served.ask(path)
      expect({ path, got, type: headers.get('content-type') }).toEqual({
        path,
        got: status,
        type: 'text/html; charset=utf-8',
      })
      expect(text).toContain(says)
    }
    expect((await served.ask('/?offset=50')).text).toContain('There are no more')
    expect((await served.ask('/icon.svg')).headers.get('content-type')).toMatch(/^image\/svg/)
  })

  it('say that the store is down, tell nothing of it, and load again', async () => {
    const failing = async (): Promise<never> => {
      throw new StorageError({ code: 'unavailable', message: 'secret host is down' })
    }
    const { repositories } = served.store
    const down = {
      ...repositories,
      tournaments: { ...repositories.tournaments, count: failing, list: failing },
    }
    const address = await served.serve({ repositories: down })
    const { headers, status, text } = await served.ask('/', {}, address)
    expect([status, headers.get('retry-after'), text.includes('secret')]).toEqual([503, '5', false])
    expect(text).toContain('http-equiv="refresh"')
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
    const paths = {
      tournaments: '/',
      completed: page(over),
      running: page(running),
      day: `${page(over)}/days/1`,
      miner: `${page(over)}/participants/${hotkeyOf(1)}`,
      liar: `${page(over)}/participants/${hotkeyOf(4)}`,
      run: run(over, hotkeyOf(2)),
      hidden: run(running, hotkeyOf(1)),
      scores: run(scores, hotkeyOf(1)),
      rankings: '/rankings',
      epochs: `/miners/${hotkeyOf(1)}`,
      failure: `${page(over)}/days/9`,
    }
    const troubles: string[] = []
    const colours = new Set<string>()
    for (const colorScheme of ['light', 'dark'] as const) {
      const tab = await chrome.newPage({ colorScheme, javaScriptEnabled: true })
      tab.on('pageerror', ({ message }) => void troubles.push(message))
      tab.on('dialog', () => void troubles.push('a dialog opened'))
      tab.on('console', (message) => {
        // The browser itself notes that the failure's page came with 404.
        if (!message.text().includes('404')) troubles.push(message.text())
      })
      tab.on('request', (request) => {
        if (!request.url().startsWith(served.address)) troubles.push(request.url())
      })
      for (const [name, path] of Object.entries(paths)) {
        await tab.goto(`${served.address}${path}`)
        for (const width of [1400, 420]) {
          await tab.setViewportSize({ width, height: 900 })
          const found = audit.parse(JSON.parse(await tab.evaluate<string>(AUDIT)))
          colours.add(found.background)
          expect({ path, width, ...found }).toMatchObject({
            lang: 'en',
            overflow: 0,
            unnamed: 0,
            headless: 0,
            skipped: 0,
            h1: 1,
          })
          expect(found.title).toMatch(/ · benchmark$/)
          if (shots !== undefined) {
            await tab.screenshot({ path: join(shots, `${name}-${colorScheme}-${width}.png`), fullPage: true })
          }
        }
      }
      await tab.close()
    }
    expect(colours).toEqual(new Set(['rgb(247, 248, 246)', 'rgb(13, 18, 16)']))
    expect(troubles).toEqual([])
  }, 120_000)

  it('lead from the first page to what a run missed by clicks alone', async () => {
    const tab = await chrome.newPage({ javaScriptEnabled: false })
    await tab.goto(served.address)
    await tab.getByRole('link', { name: 'Week 6' }).click()
    await tab
      .getByRole('region', { name: 'Scores by day' })
      .getByRole('link', { name: '18.2' })
      .first()
      .click()
    await tab.getByRole('link', { name: 'torus, 30 days' }).first().click()
    expect(await tab.locator('figure.missed').count()).toBe(24)
    await tab.getByRole('textbox', { name: 'Hotkey of a miner' }).fill(hotkeyOf(1))
    await tab.getByRole('button', { name: 'Find' }).click()
    expect(await tab.getByRole('heading', { level: 1 }).textContent()).toMatch(/^Miner 5/)
    await tab.close()
  }, 60_000)
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
