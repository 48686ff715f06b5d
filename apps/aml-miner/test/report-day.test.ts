import { execFile } from 'node:child_process'
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

import { silentLogger } from '@subnetkit/core'
import { expect, it } from 'vitest'
import { z } from 'zod'

import { readSubmissionConfig } from '../src/config.ts'
import { reportDay } from '../src/submission/report-day.ts'
import { dayOf, openMiner, tempFolder } from './fixtures/test-miner.ts'

const run = promisify(execFile)
const hooks = fileURLToPath(new URL('../../../packages/core/test/typescript-hooks.mjs', import.meta.url))
const generator = fileURLToPath(new URL('../../benchmark/src/main.ts', import.meta.url))
const { signal } = new AbortController()
const SLOW_MS = 180_000
const TRANSFERS = process.env['SUBNETKIT_SOAK'] === '1' ? 8_000 : 2_000

const reportSchema = z.strictObject({
  pattern_id: z.string().min(1),
  pattern_type: z.string().min(1),
  addresses: z.array(z.string()).min(2).max(64),
  confidence: z.number().min(0).max(1),
})

it(
  'reads the benchmark’s input in either format and writes the same reports',
  async () => {
    await using folder = await tempFolder()
    await using miner = await openMiner('torus')
    const { deps, clock } = miner
    const written: string[] = []
    for (const format of ['parquet', 'jsonl']) {
      const out = join(folder.path, format)
      const flags = ['--out', out, '--seed', 'submission', '--transfers', `${TRANSFERS}`, '--format', format]
      await run(process.execPath, [
        '--conditions=@subnetkit/source',
        '--import',
        hooks,
        generator,
        'dataset',
        'generate',
        ...flags,
      ])
      const outputFolder = join(folder.path, `${format}-output`)
      await mkdir(outputFolder)
      const params = {
        key: dayOf('torus'),
        inputFolder: join(out, 'snapshot', 'torus', '2025-08-01', '30'),
        outputFolder,
      }
      const reported = await reportDay({ deps, clock, log: silentLogger, signal }, params)
      expect(reported).toMatchObject({ transfers: TRANSFERS })
      expect(reported.reports).toBeGreaterThan(0)
      expect(reported.reports).toBeLessThan(reported.findings)
      written.push(await readFile(join(outputFolder, 'patterns.jsonl'), 'utf8'))
    }
    expect(written[1]).toBe(written[0])
    for (const line of (written[0] ?? '').trimEnd().split('\n')) reportSchema.parse(JSON.parse(line))
  },
  SLOW_MS,
)

it('names what the environment of a run lacks', () => {
  const environment = { NETWORK: 'torus', PROCESSING_DATE: '2025-08-01', WINDOW_DAYS: '30' }
  expect(readSubmissionConfig(environment)).toMatchObject({
    key: { network: 'torus', processingDate: '2025-08-01', windowDays: 30 },
    inputFolder: '/data/input',
    outputFolder: '/data/output',
  })
  expect(() => readSubmissionConfig({ ...environment, WINDOW_DAYS: 'month' })).toThrow(/WINDOW_DAYS/)
  expect(() => readSubmissionConfig({ NETWORK: 'torus', WINDOW_DAYS: '30' })).toThrow(/PROCESSING_DATE/)
})
