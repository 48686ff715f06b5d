import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

import type { DayKey } from '@subnetkit/core'
import { parquetMetadata, parquetReadObjects } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { beforeAll, describe, expect, it } from 'vitest'

import { dayKeyOf } from '../src/tasks/day-steps.ts'
import { callMiner } from './fixtures/miner-call.ts'
import {
  collect,
  dayFlagsOf,
  openMiner,
  sharedDataDir,
  tempFolder,
  visibleBatch,
} from './fixtures/test-miner.ts'
import { runFreshDay, writeTransfers } from './fixtures/transfer-run.ts'

const dataDir = sharedDataDir()

async function readParquet(path: string): Promise<{ rows: Record<string, unknown>[]; codecs: Set<string> }> {
  const bytes = await readFile(path)
  const file = new Uint8Array(bytes).buffer
  const codecs = new Set<string>()
  for (const { columns } of parquetMetadata(file).row_groups) {
    for (const { meta_data: meta } of columns) codecs.add(meta?.codec ?? 'none')
  }
  return { rows: await parquetReadObjects({ file, compressors }), codecs }
}

/** Exports only read, so that one day does for all. */
let day: DayKey
beforeAll(async () => {
  day = await runFreshDay()
})

describe('export', () => {
  it('writes Parquet with zstd that holds what the store holds', async () => {
    await using temp = await tempFolder()
    const out = join(temp.path, 'out')
    const call = await callMiner({ dataDir }, 'export', ...dayFlagsOf(day), '--out', out)
    expect({ code: call.code, err: call.code === 0 ? '' : call.err }).toEqual({ code: 0, err: '' })
    expect((await readdir(out)).toSorted()).toEqual([
      'alert_clusters.parquet',
      'alert_rankings.parquet',
      'alert_scores.parquet',
      'alerts.parquet',
      'cluster_scores.parquet',
      'features.parquet',
    ])
    await using miner = await openMiner(day.network)
    const { alertRankings, alerts, alertScores, clusterScores, features } = miner.deps.repositories
    const batch = await visibleBatch(miner, day)
    const inputs = { ...day, snapshotId: batch.snapshotId }
    const key = { ...dayKeyOf(batch), batchId: batch.batchId }

    const scores = await readParquet(join(out, 'alert_scores.parquet'))
    expect(scores.codecs).toEqual(new Set(['ZSTD']))
    expect(scores.rows.map((row) => [row['alert_id'], row['score'], row['explain_json']])).toEqual(
      (await collect(alertScores.stream({ key }))).map(({ alertId, explainJson, score }) => [
        alertId,
        score,
        explainJson,
      ]),
    )
    const ranks = await readParquet(join(out, 'alert_rankings.parquet'))
    expect(ranks.rows.map((row) => [row['alert_id'], Number(row['rank'])])).toEqual(
      (await collect(alertRankings.stream({ key }))).map(({ alertId, rank }) => [alertId, rank]),
    )
    const found = await readParquet(join(out, 'alerts.parquet'))
    expect(found.rows.map((row) => [row['alert_id'], row['severity'], row['risk_indicators']])).toEqual(
      (await collect(alerts.stream({ key: inputs }))).map(({ alertId, riskIndicators, severity }) => [
        alertId,
        severity,
        riskIndicators,
      ]),
    )
    const long = await readParquet(join(out, 'features.parquet'))
    expect(long.rows).toHaveLength(await features.count({ key: inputs }))
    const clusters = await readParquet(join(out, 'cluster_scores.parquet'))
    expect(clusters.rows).toHaveLength(await clusterScores.count({ key }))
  })

  it.each(['csv', 'jsonl'])('writes %s, and replaces what it wrote before', async (format) => {
    await using temp = await tempFolder()
    const argv = ['--json', 'export', ...dayFlagsOf(day), '--out', temp.path, '--format', format]
    const first = await callMiner({ dataDir }, ...argv)
    const text = await readFile(join(temp.path, `alert_scores.${format}`), 'utf8')
    const again = await callMiner({ dataDir }, ...argv)
    expect(again).toEqual({ ...first, err: again.err })
    expect(await readFile(join(temp.path, `alert_scores.${format}`), 'utf8')).toBe(text)
    await using miner = await openMiner(day.network)
    const { outputCountsAlertScores } = await visibleBatch(miner, day)
    const header = format === 'csv' ? 1 : 0
    expect(text.trimEnd().split('\n')).toHaveLength(outputCountsAlertScores + header)
    expect((await readdir(temp.path)).filter((name) => name.endsWith('.part'))).toEqual([])
  })

  it('says which folder cannot be made', async () => {
    await using temp = await tempFolder()
    const path = await writeTransfers(temp.path, day)
    const call = await callMiner({ dataDir }, 'export', ...dayFlagsOf(day), '--out', join(path, 'inside'))
    expect(call).toMatchObject({ code: 2, out: '' })
    expect(call.err).toMatch(/--out: ".*inside" cannot be made; give a folder/)
  })
})
