import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import type { DayKey } from '@subnetkit/core'
import { startEmbeddedClickHouse } from '@subnetkit/storage-clickhouse'
import { describe, expect, it } from 'vitest'

import { ingestTask } from '../src/tasks/miner-tasks.ts'
import { callMiner } from './fixtures/miner-call.ts'
import { spawnMiner } from './fixtures/miner-process.ts'
import { publishedTables, writeSnapshot } from './fixtures/published-snapshot.ts'
import { connectStore, listStagingTables } from './fixtures/store-content.ts'
import {
  dayFlagsOf,
  dayOf,
  freshDay,
  freshNetwork,
  openMiner,
  runOn,
  sharedDataDir,
  tempFolder,
  visibleBatch,
} from './fixtures/test-miner.ts'
import { runTransfers, writeTransfers } from './fixtures/transfer-run.ts'

const isSoak = process.env['SUBNETKIT_SOAK'] === '1'
const dataDir = sharedDataDir()

/** What the command says before each step, so that a kill falls into the step. */
const moments = isSoak
  ? [
      'loading transfers.csv',
      'computing features',
      'looking for patterns',
      'storing',
      'reading alerts',
      'scoring',
    ]
  : ['scoring']

const interruptions = isSoak
  ? ['loading transfers.csv', 'computing features', 'looking for patterns', 'reading alerts']
  : ['looking for patterns']

async function killAt(day: DayKey, path: string, moment: string, delayMs: number): Promise<number> {
  const child = await spawnMiner({ dataDir }, 'run', ...dayFlagsOf(day), '--transfers', path, '--force')
  await child.sees(moment)
  await sleep(delayMs)
  child.kill('SIGKILL')
  return (await child.ended).code
}

describe('kill -9 of the command', () => {
  it(
    'at any moment leaves the last result standing; the next run ends with the same results',
    { timeout: 600_000 },
    async () => {
      await using temp = await tempFolder()
      const day = dayOf(freshNetwork())
      const path = await writeTransfers(temp.path, day)
      expect((await runTransfers(day, path)).code).toBe(0)
      await using miner = await openMiner(day.network)
      const before = await visibleBatch(miner, day)
      const delays = isSoak ? [0, 20, 100] : [3]
      let killed = 0
      for (const moment of moments) {
        for (const delayMs of delays) {
          if ((await killAt(day, path, moment, delayMs)) === -1) killed += 1
          expect(await visibleBatch(miner, day)).toMatchObject({
            status: 'COMPLETED',
            resultsHash: before.resultsHash,
          })
        }
      }
      expect(killed).toBeGreaterThanOrEqual(Math.max(1, moments.length - 1))
      expect((await runTransfers(day, path, '--force')).code).toBe(0)
      expect((await visibleBatch(miner, day)).resultsHash).toBe(before.resultsHash)
      await using store = await connectStore(day.network, dataDir)
      const now = (): Date => new Date(miner.clock.now().getTime() + 7 * 3_600_000)
      const later = { ...miner.deps, clock: { ...miner.clock, now } }
      const transferFile = { columnMap: {}, timestampUnit: 'ms', dayZero: null, amounts: 'keep' } as const
      await runOn(miner, ingestTask, later, {
        ...day,
        source: path,
        transferFile,
        labelsSource: null,
        isForced: false,
      })
      expect(await listStagingTables(store)).toEqual([])
    },
  )

  it(
    'of the engine is told as a failure of the store, and a further run completes the day',
    { timeout: 600_000 },
    async () => {
      await using temp = await tempFolder()
      const folder = join(temp.path, 'data')
      const engine = await startEmbeddedClickHouse({ folder })
      const day = dayOf(freshNetwork())
      const source = await writeSnapshot(join(temp.path, 'v0'), day)
      const flags = [...dayFlagsOf(day), '--snapshot', source]
      expect(await callMiner({ dataDir: folder }, 'run', ...flags)).toMatchObject({ code: 0 })
      const changed = await writeSnapshot(join(temp.path, 'v1'), day, { tables: publishedTables(day, 1) })
      const child = await spawnMiner({ dataDir: folder }, 'run', ...dayFlagsOf(day), '--snapshot', changed)
      await child.sees('loading')
      process.kill(engine.pid, 'SIGKILL')
      const { code, err } = await child.ended
      await engine.close()
      if (code !== 0) expect(err).toMatch(/^error: .+/m)
      expect([0, 1]).toContain(code)
      const again = await callMiner({ dataDir: folder }, 'run', ...dayFlagsOf(day), '--snapshot', changed)
      expect(again).toMatchObject({ code: 0 })
      await using miner = await openMiner(day.network, folder)
      expect(await visibleBatch(miner, day)).toMatchObject({
        status: 'COMPLETED',
        outputCountsAlertScores: 12,
      })
    },
  )
})

describe('two runs of one day at once', () => {
  it('end with one result, whoever is first', { timeout: 120_000 }, async () => {
    await using temp = await tempFolder()
    const day = dayOf(freshNetwork())
    const path = await writeTransfers(temp.path, day)
    const children = await Promise.all(
      [0, 1].map(() => spawnMiner({ dataDir }, 'run', ...dayFlagsOf(day), '--transfers', path)),
    )
    const ended = await Promise.all(children.map(async ({ ended: end }) => await end))
    for (const { code, err } of ended) {
      if (code !== 0) expect(err).toMatch(/is held by process \d+; wait for it to end/)
      expect([0, 1]).toContain(code)
    }
    expect(ended.some(({ code }) => code === 0)).toBe(true)
    await using miner = await openMiner(day.network)
    const { items } = await miner.deps.repositories.batches.list({ network: day.network, limit: 10 })
    expect(items.map(({ status, attempt }) => `${status} ${attempt}`)).toEqual(['COMPLETED 1'])
  })
})

describe('Ctrl-C', () => {
  it(
    'at any step ends with 130 and shows nothing half-made; each run goes on and the last one completes',
    { timeout: 600_000 },
    async () => {
      await using temp = await tempFolder()
      const day = freshDay()
      const path = await writeTransfers(temp.path, day)
      await using miner = await openMiner(day.network)
      for (const moment of interruptions) {
        const child = await spawnMiner({ dataDir }, 'run', ...dayFlagsOf(day), '--transfers', path)
        await child.sees(moment)
        const startMs = performance.now()
        child.kill('SIGINT')
        const { code } = await child.ended
        expect({ moment, code }).toEqual({ moment, code: 130 })
        expect(performance.now() - startMs).toBeLessThan(10_000)
        expect(await miner.deps.repositories.batches.findCompleted({ key: day })).toBeNull()
      }
      expect((await runTransfers(day, path)).code).toBe(0)
      expect(await visibleBatch(miner, day)).toMatchObject({ status: 'COMPLETED' })
    },
  )
})
