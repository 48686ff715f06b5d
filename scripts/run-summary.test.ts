import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { clearReports, countsLine, forbiddenSkips, readTasks, sumReports } from './run-summary.mjs'

let root = ''

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'subnetkit-summary-'))
  for (const folder of ['packages/core/.reports', 'apps/miner', '.turbo/runs']) {
    mkdirSync(join(root, folder), { recursive: true })
  }
})

afterEach(() => {
  rmSync(root, { recursive: true, force: true })
})

function writeReport(results: readonly object[]): void {
  writeFileSync(join(root, 'packages/core/.reports/test.json'), JSON.stringify({ testResults: results }))
}

function suite(...statuses: readonly string[]): object {
  const assertionResults = statuses.map((status, index) => ({ fullName: ` rows ${index}`, status }))
  return { name: join(root, 'rows.test.ts'), status: 'passed', assertionResults }
}

const testTask = {
  taskId: '@subnetkit/core#test',
  task: 'test',
  directory: 'packages/core',
  outputs: ['.reports/test.json'],
  cache: { status: 'MISS' },
  execution: { exitCode: 0 },
}

describe('sumReports', () => {
  it('sums passes, names failures and skips with their package', () => {
    writeReport([suite('passed', 'passed', 'skipped'), suite('failed', 'todo')])
    expect(sumReports(root, [testTask])).toEqual({
      passed: 2,
      failed: 1,
      failures: ['packages/core: rows 0'],
      skipped: ['packages/core: rows 2', 'packages/core: rows 1'],
    })
  })

  it('counts a task that failed without a failing test', () => {
    writeReport([suite('passed')])
    const lint = { ...testTask, taskId: '@subnetkit/core#lint', outputs: [], execution: { exitCode: 1 } }
    const crashed = { ...testTask, execution: { exitCode: 139 } }
    const { failures } = sumReports(root, [lint, crashed])
    expect(failures).toEqual(['task @subnetkit/core#lint', 'task @subnetkit/core#test'])
  })

  it('counts a file that broke before its first test', () => {
    writeReport([{ name: join(root, 'broken.test.ts'), status: 'failed', assertionResults: [] }])
    const { failed, failures } = sumReports(root, [{ ...testTask, execution: { exitCode: 1 } }])
    expect(failed).toBe(1)
    expect(failures[0]).toContain('broken.test.ts')
  })

  it('takes a missing report for nothing', () => {
    expect(sumReports(root, [testTask])).toEqual({ passed: 0, failed: 0, failures: [], skipped: [] })
  })
})

describe('clearReports', () => {
  it('leaves nothing of an earlier run, and the other kind of report alone', () => {
    writeReport([suite('passed')])
    writeFileSync(join(root, 'packages/core/.reports/soak.json'), '{"testResults":[]}')
    writeFileSync(join(root, '.turbo/runs/old.json'), '{"tasks":[1]}')
    clearReports(root, 'test')
    expect(sumReports(root, [testTask]).passed).toBe(0)
    expect(readTasks(root)).toEqual([])
    expect(sumReports(root, [{ ...testTask, outputs: ['.reports/soak.json'] }]).failed).toBe(0)
  })
})

describe('forbiddenSkips', () => {
  const java = 'packages/storage-dynamo: contract [needs java] puts'
  const server = 'packages/storage-clickhouse: contract [needs clickhouse-url] puts'
  const silent = 'packages/core: rows pair'

  it('allows each skip where nothing was promised', () => {
    expect(forbiddenSkips([java, server, silent], [])).toEqual([])
  })

  it('refuses a skip of what was promised, and one that gives no reason', () => {
    expect(forbiddenSkips([java, server, silent], ['java', 'chromium'])).toEqual([java, silent])
  })
})

describe('countsLine', () => {
  it('is the plain line, with skips only where there are any', () => {
    expect(countsLine({ passed: 12, failed: 0, skipped: 0 })).toBe('12 passed, 0 failed')
    expect(countsLine({ passed: 12, failed: 1, skipped: 3 })).toBe('12 passed, 1 failed, 3 skipped')
  })
})
