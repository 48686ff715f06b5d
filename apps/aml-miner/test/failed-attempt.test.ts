import { join } from 'node:path'

import { StorageError } from '@subnetkit/core'
import { describe, expect, it } from 'vitest'

import { ingestTask, scoreTask } from '../src/tasks/miner-tasks.ts'
import { cutDeps } from './fixtures/cut-deps.ts'
import { callMiner } from './fixtures/miner-call.ts'
import { publishedTables, writeSnapshot } from './fixtures/published-snapshot.ts'
import {
  dayFlagsOf,
  dayOf,
  freshNetwork,
  openMiner,
  runOn,
  sharedDataDir,
  tempFolder,
  visibleBatch,
} from './fixtures/test-miner.ts'

describe('a run that fails', () => {
  it('leaves a FAILED attempt with reason and counts, and the result of before', async () => {
    await using temp = await tempFolder()
    const day = dayOf(freshNetwork())
    await using miner = await openMiner(day.network)
    const older = await writeSnapshot(join(temp.path, 'v0'), day)
    const argv = ['run', ...dayFlagsOf(day), '--snapshot']
    expect(await callMiner({ dataDir: sharedDataDir() }, ...argv, older)).toMatchObject({ code: 0 })
    const before = await visibleBatch(miner, day)

    const newer = await writeSnapshot(join(temp.path, 'v1'), day, { tables: publishedTables(day, 1) })
    const source = { ...day, source: newer, transferFile: null, labelsSource: null, isForced: false }
    await runOn(miner, ingestTask, miner.deps, source)
    const { deps } = cutDeps(miner.deps, Number.POSITIVE_INFINITY, (call) => {
      if (call !== 'clusterScores.put') return
      throw new StorageError({ code: 'resource_exhausted', message: 'the disk is full' })
    })
    const failing = runOn(miner, scoreTask, deps, { ...day, isForced: false })
    await expect(failing).rejects.toMatchObject({ name: 'StorageError', code: 'resource_exhausted' })

    expect(await visibleBatch(miner, day)).toEqual(before)
    const { items } = await miner.deps.repositories.batches.list({ network: day.network, limit: 10 })
    const failed = items.find(({ status }) => status === 'FAILED')
    expect(failed).toMatchObject({
      attempt: 1,
      resultsHash: null,
      errorMessage: 'the disk is full',
      inputCountsAlerts: 12,
      inputCountsClusters: 3,
      outputCountsAlertScores: 12,
      outputCountsAlertRankings: 12,
      outputCountsClusterScores: 0,
    })

    const again = await callMiner({ dataDir: sharedDataDir() }, ...argv, newer)
    expect(again).toMatchObject({ code: 0 })
    expect(await visibleBatch(miner, day)).toMatchObject({ batchId: failed?.batchId, attempt: 2 })
  })

  it('while loading leaves a FAILED snapshot with the reason and without rows', async () => {
    await using temp = await tempFolder()
    const day = dayOf(freshNetwork())
    await using miner = await openMiner(day.network)
    const folder = await writeSnapshot(join(temp.path, 'v0'), day, {
      metaFields: { counts: { clusters: 4 } },
    })
    const argv = ['run', ...dayFlagsOf(day), '--snapshot', folder]
    expect(await callMiner({ dataDir: sharedDataDir() }, ...argv)).toMatchObject({ code: 2 })
    const { items } = await miner.deps.repositories.snapshots.list({ network: day.network, limit: 10 })
    expect(items).toHaveLength(1)
    expect(items[0]).toMatchObject({ status: 'FAILED', inputsHash: null, countAlerts: 0 })
    expect(items[0]?.errorMessage).toMatch(/clusters\.csv: .*META\.json counts 4/)
    const key = { ...day, snapshotId: items[0]?.snapshotId ?? '' }
    expect(await miner.deps.repositories.alerts.count({ key })).toBe(0)
    const status = await callMiner({ dataDir: sharedDataDir() }, 'status', '--network', day.network)
    expect(status.out).toMatch(/FAILED/)
  })
})
