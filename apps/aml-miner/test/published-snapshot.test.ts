import { cp } from 'node:fs/promises'
import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

import { callMiner } from './fixtures/miner-call.ts'
import { publishedTables, writeSnapshot } from './fixtures/published-snapshot.ts'
import { connectStore, countRows } from './fixtures/store-content.ts'
import { shuffled } from './fixtures/transfer-world.ts'
import { tableFormats } from './fixtures/table-file.ts'
import {
  dayFlagsOf,
  dayOf,
  freshDay,
  freshNetwork,
  openMiner,
  sharedDataDir,
  tempFolder,
  visibleBatch,
} from './fixtures/test-miner.ts'

const dataDir = sharedDataDir()

async function runDay(day: ReturnType<typeof dayOf>, folder: string): Promise<string> {
  const { code, err, out } = await callMiner({ dataDir }, 'run', ...dayFlagsOf(day), '--snapshot', folder)
  expect({ code, err: code === 0 ? '' : err }).toEqual({ code: 0, err: '' })
  return out
}

describe('a published snapshot', () => {
  it('has one meaning in all formats, both shapes of META.json and any order of rows', async () => {
    await using temp = await tempFolder()
    const day = freshDay()
    await using miner = await openMiner(day.network)
    const inputs = new Set<string>()
    const results = new Set<string | null>()
    const shapes = ['sha256-counts', 'files-md5', 'sha256-counts'] as const
    for (const [index, format] of tableFormats.entries()) {
      const tables = publishedTables(day)
      const mixed = Object.entries(tables).map(
        ([stem, table]) => [stem, { ...table, rows: shuffled(table.rows, index) }] as const,
      )
      const folder = await writeSnapshot(join(temp.path, format), day, {
        format,
        meta: shapes[index] ?? 'files-md5',
        tables: Object.fromEntries(mixed),
      })
      await runDay(day, folder)
      const batch = await visibleBatch(miner, day)
      inputs.add(batch.inputsHash)
      results.add(batch.resultsHash)
    }
    expect(inputs.size).toBe(1)
    expect(results.size).toBe(1)
    expect([...results][0]).toMatch(/^[0-9a-f]{64}$/)
  })

  it('is recognised when it comes again, from whatever folder, and nothing is written twice', async () => {
    await using temp = await tempFolder()
    const day = dayOf(freshNetwork())
    await using miner = await openMiner(day.network)
    await using store = await connectStore(day.network, dataDir)
    const folder = await writeSnapshot(join(temp.path, 'first'), day)
    await runDay(day, folder)
    const before = { rows: await countRows(store), batch: await visibleBatch(miner, day) }
    expect(before.rows).toEqual({
      miner_raw_alerts: 12,
      miner_raw_features: 8 * (3 + 1 + 24 + 1),
      miner_raw_clusters: 3,
      miner_raw_money_flows: 10,
      miner_raw_address_labels: 4,
      miner_alert_scores: 12,
      miner_alert_rankings: 12,
      miner_cluster_scores: 3,
    })
    await cp(folder, join(temp.path, 'second'), { recursive: true })
    expect(await runDay(day, join(temp.path, 'second'))).toMatch(
      /was there already[\s\S]*was completed already/,
    )
    expect({ rows: await countRows(store), batch: await visibleBatch(miner, day) }).toEqual(before)
  })

  it('touches no other window, date or network', async () => {
    await using temp = await tempFolder()
    const network = freshNetwork()
    const day = dayOf(network)
    const others = [dayOf(network, '2025-08-01', 7), dayOf(network, '2025-08-02'), dayOf(freshNetwork())]
    const kept: string[] = []
    for (const [index, other] of others.entries()) {
      await runDay(other, await writeSnapshot(join(temp.path, `other${index}`), other))
      await using miner = await openMiner(other.network)
      kept.push(JSON.stringify(await visibleBatch(miner, other)))
    }
    const tables = publishedTables(day, 1)
    await runDay(day, await writeSnapshot(join(temp.path, 'day'), day, { tables }))
    for (const [index, other] of others.entries()) {
      await using miner = await openMiner(other.network)
      expect(JSON.stringify(await visibleBatch(miner, other))).toBe(kept[index])
    }
  })

  it('that is older becomes the visible one again when it is loaded again', async () => {
    await using temp = await tempFolder()
    const day = freshDay()
    await using miner = await openMiner(day.network)
    const folders = [0, 1].map(async (variant) => {
      const tables = publishedTables(day, variant)
      return await writeSnapshot(join(temp.path, `v${variant}`), day, { tables })
    })
    const [older = '', newer = ''] = await Promise.all(folders)
    await runDay(day, older)
    const first = await visibleBatch(miner, day)
    await runDay(day, newer)
    const second = await visibleBatch(miner, day)
    expect(second.resultsHash).not.toBe(first.resultsHash)
    await runDay(day, older)
    const third = await visibleBatch(miner, day)
    expect(third).toEqual({ ...first, processedAt: third.processedAt })
    expect(third.processedAt.getTime()).toBeGreaterThan(second.processedAt.getTime())
  })

  it('of one alert and no cluster is a day like any other', async () => {
    await using temp = await tempFolder()
    const day = freshDay()
    await using miner = await openMiner(day.network)
    const tables = Object.entries(publishedTables(day)).map(([stem, table]) => {
      const kept = stem === 'alerts' ? table.rows.slice(0, 1) : stem === 'clusters' ? [] : table.rows
      return [stem, { ...table, rows: kept }] as const
    })
    await runDay(
      day,
      await writeSnapshot(join(temp.path, 'tiny'), day, { tables: Object.fromEntries(tables) }),
    )
    expect(await visibleBatch(miner, day)).toMatchObject({
      outputCountsAlertScores: 1,
      outputCountsAlertRankings: 1,
      outputCountsClusterScores: 0,
    })
    const report = await callMiner(
      { dataDir },
      'report',
      ...dayFlagsOf(day),
      '--html',
      join(temp.path, 'page.html'),
    )
    expect(report).toMatchObject({ code: 0 })
    expect(report.out).toContain('(none)')
  })
})
