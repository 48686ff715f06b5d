import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

import { describe, expect, it } from 'vitest'

import { parseExplanation } from '../src/report/explanation-text.ts'
import { dayKeyOf } from '../src/tasks/day-steps.ts'
import { callMiner } from './fixtures/miner-call.ts'
import { renameColumns, type Table, tableBytes, tableFormats } from './fixtures/table-file.ts'
import {
  collect,
  dayFlagsOf,
  dayOf,
  freshDay,
  freshNetwork,
  openMiner,
  sharedDataDir,
  tempFolder,
  visibleBatch,
} from './fixtures/test-miner.ts'
import { runTransfers, writeTransfers } from './fixtures/transfer-run.ts'
import { transferTable, transferWorld } from './fixtures/transfer-world.ts'

const dataDir = sharedDataDir()
const labels = 'address,risk_level,address_type\nring0,critical,mixer\nuser1,low,exchange\n'
const NANO = 1e9

describe('raw transfers', () => {
  it('have one meaning in all formats, plain and gzipped, under any column names', async () => {
    await using temp = await tempFolder()
    const day = freshDay()
    await using miner = await openMiner(day.network)
    const table = transferTable(transferWorld({ date: day.processingDate }))
    const names = { sender: 'from_address', receiver: 'to_address', usd: 'amount_usd', at: 'block_timestamp' }
    const renamed = renameColumns(table, names)
    const map = 'from_address=sender,to_address=receiver,amount_usd=usd,block_timestamp=at'
    const files: (readonly [string, Uint8Array, readonly string[]])[] = [
      ...tableFormats.map((format) => [`t.${format}`, tableBytes(table, format), []] as const),
      ['t.csv.gz', gzipSync(tableBytes(renamed, 'csv')), ['--columns', map]],
    ]
    const hashes = new Set<string>()
    for (const [name, bytes, flags] of files) {
      const path = join(temp.path, name)
      await writeFile(path, bytes)
      const { code, err } = await callMiner(
        { dataDir },
        'ingest',
        ...dayFlagsOf(day),
        '--transfers',
        path,
        ...flags,
      )
      expect({ name, code, err: code === 0 ? '' : err }).toEqual({ name, code: 0, err: '' })
      const snapshot = await miner.deps.repositories.snapshots.findReady({ key: day })
      expect(snapshot).toMatchObject({ countTransfers: table.rows.length, status: 'READY' })
      hashes.add(snapshot?.inputsHash ?? '')
    }
    expect(hashes.size).toBe(1)
  })

  it('outside the window are counted and left out', async () => {
    await using temp = await tempFolder()
    const day = freshDay()
    const inside = transferWorld({ date: day.processingDate, transfers: 50 })
    const end = Date.parse(day.processingDate)
    const edges = [end, end + 1, end - 30 * 86_400_000 - 1].map((block_timestamp, index) => ({
      ...inside[0],
      tx_id: `edge${index}`,
      block_timestamp,
    }))
    const { columns, rows } = transferTable(inside)
    const table: Table = { columns, rows: [...rows, ...edges.map((edge) => ({ ...rows[0], ...edge }))] }
    const path = await writeTransfers(temp.path, day, table)
    const { code, out } = await callMiner(
      { dataDir },
      '--json',
      'ingest',
      ...dayFlagsOf(day),
      '--transfers',
      path,
    )
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({
      outsideWindow: 3,
      snapshot: { countTransfers: inside.length, kind: 'transfers' },
    })
  })

  it('of the amlsim preset count steps from the first day of the window', async () => {
    await using temp = await tempFolder()
    const day = dayOf(freshNetwork(), '2025-05-31', 150)
    const path = join(temp.path, 'transactions.csv.gz')
    const lines = Array.from(
      { length: 60 },
      (_, step) => `${step % 9},${(step + 1) % 9},${100 + step}.5,${step}`,
    )
    await writeFile(path, gzipSync(`sourceNodeId,targetNodeId,value,time\n${lines.join('\n')}\n`))
    const flags = [...dayFlagsOf(day), '--transfers', path, '--preset', 'amlsim']
    expect(await callMiner({ dataDir }, 'ingest', ...flags)).toMatchObject({ code: 0 })
    await using miner = await openMiner(day.network)
    const snapshot = await miner.deps.repositories.snapshots.findReady({ key: day })
    const key = { ...day, snapshotId: snapshot?.snapshotId ?? '' }
    const [first] = await collect(miner.deps.repositories.transfers.stream({ key }))
    expect(first).toMatchObject({ fromAddress: '0', toAddress: '1', amountUsd: '100.5' })
    expect(first?.blockTimestamp.toISOString()).toBe('2025-01-01T00:00:00.000Z')
  })
})

describe('the results of a day of transfers', () => {
  it('hold what a result must hold', async () => {
    await using temp = await tempFolder()
    const day = freshDay()
    const labelFile = join(temp.path, 'labels.csv')
    await writeFile(labelFile, labels)
    const run = await runTransfers(day, await writeTransfers(temp.path, day), '--labels', labelFile)
    expect({ code: run.code, err: run.code === 0 ? '' : run.err }).toEqual({ code: 0, err: '' })
    await using miner = await openMiner(day.network)
    const { alertClusters, alertRankings, alerts, alertScores, clusterScores, features, snapshots } =
      miner.deps.repositories
    const batch = await visibleBatch(miner, day)
    const snapshot = await snapshots.find({ key: { ...day, snapshotId: batch.snapshotId } })
    const inputKey = { ...day, snapshotId: batch.snapshotId }
    const key = { ...dayKeyOf(batch), batchId: batch.batchId }
    const found = await collect(alerts.stream({ key: inputKey }))
    const scores = await collect(alertScores.stream({ key }))
    const ranks = await collect(alertRankings.stream({ key }))
    const clusters = await collect(alertClusters.stream({ key: inputKey }))
    const ofClusters = await collect(clusterScores.stream({ key }))

    expect(found.length).toBeGreaterThan(5)
    expect(found.map(({ address }) => address)).toContain('ring0')
    expect(scores.map(({ alertId }) => alertId).toSorted()).toEqual(
      found.map(({ alertId }) => alertId).toSorted(),
    )
    expect(scores.filter(({ score }) => !(score >= 0 && score <= 1))).toEqual([])
    const ordered = scores.toSorted((a, b) => b.score - a.score || (a.alertId < b.alertId ? -1 : 1))
    expect(ranks.map(({ alertId, rank, score }) => ({ alertId, rank, score }))).toEqual(
      ordered.map(({ alertId, score }, index) => ({ alertId, rank: index + 1, score })),
    )
    expect(ofClusters.map(({ clusterId }) => clusterId).toSorted()).toEqual(
      clusters.map(({ clusterId }) => clusterId).toSorted(),
    )
    expect(ofClusters.filter(({ score }) => !(score >= 0 && score <= 1))).toEqual([])
    for (const { explainJson, score } of scores) {
      const { base, contributions } = parseExplanation(explainJson)
      const sum = contributions.reduce(
        (nano, { impact }) => nano + Math.round(impact * NANO),
        Math.round(base * NANO),
      )
      expect(sum / NANO).toBe(score)
    }
    expect(batch).toMatchObject({
      status: 'COMPLETED',
      inputCountsAlerts: found.length,
      inputCountsClusters: clusters.length,
      inputCountsFeatures: await features.count({ key: inputKey }),
      outputCountsAlertScores: found.length,
      outputCountsAlertRankings: found.length,
      outputCountsClusterScores: clusters.length,
    })
    const stages =
      batch.latenciesMsAlertScoring + batch.latenciesMsAlertRanking + batch.latenciesMsClusterScoring
    expect(stages).toBeLessThanOrEqual(batch.latenciesMsTotal)
    expect(snapshot).toMatchObject({ kind: 'detected', countTransfers: 655 })
  })
})
