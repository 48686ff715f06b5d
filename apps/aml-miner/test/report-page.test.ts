import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

import type { DayKey } from '@subnetkit/core'
import { chromium } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { callMiner } from './fixtures/miner-call.ts'
import { publishedTables, writeSnapshot } from './fixtures/published-snapshot.ts'
import { withCell } from './fixtures/table-file.ts'
import { dayFlagsOf, freshDay, sharedDataDir, tempFolder } from './fixtures/test-miner.ts'
import { runFreshDay, writeTransfers } from './fixtures/transfer-run.ts'

const dataDir = sharedDataDir()
const browser = '/usr/bin/chromium'
const hasChromium = existsSync(browser)
const script = '<script>alert(1)</script>'
const image = '"><img/src=x/onerror=alert(2)>'
let day: DayKey
let temp: Awaited<ReturnType<typeof tempFolder>>
/** A page of hostile data. */
let html: string
beforeAll(async () => {
  temp = await tempFolder()
  html = await hostilePage(temp.path)
  day = await runFreshDay()
})
afterAll(async () => {
  await temp[Symbol.asyncDispose]()
})

/** The page of a snapshot whose every text tries to become markup. */
async function hostilePage(folder: string): Promise<string> {
  const hostileDay = freshDay()
  const tables = publishedTables(hostileDay)
  const alerts = [
    ['description', script],
    ['address', image],
    ['typology_type', '<b onclick=x>'],
    ['evidence_json', JSON.stringify({ '</pre><script>': script })],
  ] as const
  const hostile = {
    ...tables,
    alerts: alerts.reduce(
      (table, [column, text]) => withCell(table, 0, column, text),
      withCell(tables['alerts'] ?? { columns: {}, rows: [] }, 0, 'alert_confidence_score', 0.99),
    ),
    clusters: withCell(tables['clusters'] ?? { columns: {}, rows: [] }, 0, 'cluster_id', `c${script}`),
  }
  const source = await writeSnapshot(join(folder, 'snapshot'), hostileDay, { tables: hostile })
  const page = join(folder, 'deep', 'page.html')
  const run = await callMiner({ dataDir }, 'run', ...dayFlagsOf(hostileDay), '--snapshot', source)
  expect({ code: run.code, err: run.code === 0 ? '' : run.err }).toEqual({ code: 0, err: '' })
  expect(await callMiner({ dataDir }, 'report', ...dayFlagsOf(hostileDay), '--html', page)).toMatchObject({
    code: 0,
  })
  return page
}

describe('the report', () => {
  it('is one file that loads nothing and runs nothing, whatever the data says', async () => {
    const page = await readFile(html, 'utf8')
    const withoutNames = page.replaceAll(/xmlns(:xlink)?="http:\/\/www\.w3\.org\/[^"]+"/g, '')
    expect(withoutNames).not.toMatch(/https?:\/\//)
    expect(page).not.toMatch(/<script|<img|<b onclick|\son\w+\s*=\s*["']/i)
    expect(page).not.toMatch(/<[^>]+\s(?:src|(?:xlink:)?href)\s*=|@import|url\((?!#)/i)
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
    expect(page).toContain('&quot;&gt;&lt;img/src=x/onerror=alert(2)&gt;')
    expect(page).toMatch(/Content-Security-Policy" content="default-src 'none'/)
  })

  it('prints tables without control characters from data, and the same as one JSON document', async () => {
    const text = await callMiner({ dataDir }, 'report', ...dayFlagsOf(day), '--top', '3')
    expect(text.code).toBe(0)
    expect(text.out).toMatch(/Most urgent alerts[\s\S]*rank[\s\S]*Clusters with the highest scores/)
    const { out } = await callMiner({ dataDir }, '--json', 'report', ...dayFlagsOf(day), '--top', '3')
    expect(JSON.parse(out)).toMatchObject({
      topAlerts: [{ rank: 1 }, { rank: 2 }, { rank: 3 }],
      dailyVolumes: expect.arrayContaining([expect.objectContaining({ transfers: expect.any(Number) })]),
    })
  })

  it('compares with a truth that somebody knows', async () => {
    const argv = [
      '--json',
      'report',
      ...dayFlagsOf(day),
      '--truth',
      await writeTransfers(temp.path, day),
      '--truth-columns',
      'address=from_address',
    ]
    const { code, out } = await callMiner({ dataDir }, ...argv)
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({ evaluation: { precisionAt50: expect.any(Number) } })
  })

  it('does not count victims as missed where the truth says who is one, in text as in the page', async () => {
    const truth = join(temp.path, 'ground_truth.csv')
    await writeFile(truth, 'address,role\nring0,cycle_member\nuser0,rug_victim\nuser1,sybil_target\n')
    const page = join(temp.path, 'truth.html')
    const argv = ['report', ...dayFlagsOf(day), '--truth', truth, '--html', page]
    const { code, out } = await callMiner({ dataDir }, ...argv)
    expect(code).toBe(0)
    expect(out).toMatch(/planted or fraudulent\D+\d+ \/ 1\s/)
    expect(out).toMatch(/recall \(positives with an alert\)\D+100/)
    expect(await readFile(page, 'utf8')).toMatch(/100\.0[^0-9]*recall of planted accounts/)
  })
})

describe.skipIf(!hasChromium)('the page in a browser [needs chromium]', () => {
  it(
    'shows its charts and tables at both widths, without an error or a request',
    { timeout: 60_000 },
    async () => {
      const chrome = await chromium.launch({
        executablePath: browser,
        args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'],
      })
      try {
        const page = await chrome.newPage({ viewport: { width: 1400, height: 900 } })
        const troubles: string[] = []
        page.on('pageerror', (error) => void troubles.push(error.message))
        page.on('console', (message) => void troubles.push(message.text()))
        page.on('request', (request) => {
          if (!request.url().startsWith('file:')) troubles.push(request.url())
        })
        page.on('dialog', () => void troubles.push('a dialog opened'))
        await page.goto(pathToFileURL(html).href)
        expect(await page.locator('svg').count()).toBeGreaterThanOrEqual(3)
        expect(await page.locator('tbody tr').count()).toBeGreaterThan(10)
        await page.locator('summary').first().click()
        expect(await page.locator('details pre').first().isVisible()).toBe(true)
        await page.setViewportSize({ width: 420, height: 900 })
        const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth'
        expect(await page.evaluate<number>(overflow)).toBeLessThanOrEqual(0)
        expect(troubles).toEqual([])
      } finally {
        await chrome.close()
      }
    },
  )
})
