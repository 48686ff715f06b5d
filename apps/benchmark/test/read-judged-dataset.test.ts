import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { openDatasetStore } from '../src/adapters/open-dataset-store.ts'
import type { DatasetFormat } from '../src/dataset/dataset-options.ts'
import { readTableColumns } from '../src/output/read-table-columns.ts'
import type { ReadyDataset } from '../src/ports/dataset-store.ts'
import { PatternJudge } from '../src/validation/pattern-judge.ts'
import { readJudgedDataset } from '../src/validation/read-judged-dataset.ts'
import { inProcessLocks } from './in-process-locks.ts'

const isSoak = process.env['SUBNETKIT_SOAK'] === '1'
const { signal } = new AbortController()
const MIB = 1_048_576

async function makeDataset(
  folder: string,
  transfers: number,
  format: DatasetFormat = 'parquet',
): Promise<ReadyDataset> {
  const store = openDatasetStore({ folder, locks: inProcessLocks(), now: () => 0, format })
  const place = { network: 'torus', processingDate: '2025-08-01', windowDays: 7 }
  return store.ensure({ contestSeed: 'judged', ...place, transfers, signal })
}

describe('a dataset that is read for judging', () => {
  let folder = ''
  let ready: ReadyDataset
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'judged-'))
    ready = await makeDataset(folder, isSoak ? 1_000_000 : 100_000)
  })
  afterAll(async () => {
    await rm(folder, { recursive: true })
  })

  it('finds everything that is planted in what the miner saw, in bounded memory', async () => {
    const before = process.memoryUsage.rss()
    const { transfers, truth } = await readJudgedDataset(ready, signal)
    const grown = (process.memoryUsage.rss() - before) / MIB
    expect(grown).toBeLessThan(300 + (ready.transfers * 60) / MIB)
    expect(transfers.accounts).toBe(ready.accounts)
    const judge = new PatternJudge({ transfers, patterns: truth.patterns, tracing: 'connected' })
    for (const { id, patternType, addresses } of truth.patterns)
      judge.note({ pattern_id: id, pattern_type: patternType, addresses })
    const verdict = judge.finish()
    expect(verdict).toMatchObject({ found: truth.patterns.length, badData: 0, fabricated: 0 })
    for await (const rows of readTableColumns(
      join(ready.truthFolder, 'planted_transfers.parquet'),
      ['tx_id', 'from_address', 'to_address'],
      signal,
    )) {
      for (const row of rows) {
        expect(transfers.hasTransaction(String(row['tx_id']))).toBe(true)
        const from = transfers.accountOf(String(row['from_address']))
        expect(transfers.hasTransfer(from, transfers.accountOf(String(row['to_address'])))).toBe(true)
      }
    }
    expect(transfers.hasTransaction(`0x${'0'.repeat(64)}`)).toBe(false)
  })

  it('stops between two row groups when it is told to', async () => {
    const stop = new AbortController()
    setImmediate(() => {
      stop.abort(new Error('enough'))
    })
    await expect(readJudgedDataset(ready, stop.signal)).rejects.toThrow('enough')
  })
})

describe('a small dataset', () => {
  let folder = ''
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'judged-'))
  })
  afterEach(async () => {
    await rm(folder, { recursive: true })
  })

  it('says the same in JSON lines as in Parquet', async () => {
    const parquet = await readJudgedDataset(await makeDataset(folder, 2_000), signal)
    const lines = await readJudgedDataset(await makeDataset(folder, 2_000, 'jsonl'), signal)
    expect(lines.truth).toEqual(parquet.truth)
    expect(lines.transfers.accounts).toBe(parquet.transfers.accounts)
    for (let account = 0; account < parquet.transfers.accounts; account++)
      expect(lines.transfers.addressOf(account)).toBe(parquet.transfers.addressOf(account))
  })

  it.each(['transfers.parquet', 'address_labels.parquet', 'META.json'])(
    'is refused when its %s is damaged',
    async (name) => {
      const ready = await makeDataset(folder, 1_000)
      await appendFile(join(ready.snapshotFolder, name), ' ')
      await expect(readJudgedDataset(ready, signal)).rejects.toMatchObject({
        code: 'corrupt_row',
        message: expect.stringContaining(name),
      })
    },
  )

  it('is refused when its truth is damaged, gone, or of another dataset', async () => {
    const ready = await makeDataset(folder, 1_000)
    const other = await makeDataset(folder, 1_001)
    await expect(
      readJudgedDataset({ ...ready, truthFolder: other.truthFolder }, signal),
    ).rejects.toMatchObject({
      code: 'corrupt_row',
    })
    await writeFile(join(ready.truthFolder, 'ground_truth.parquet'), 'nothing')
    await expect(readJudgedDataset(ready, signal)).rejects.toThrow(
      /ground_truth\.parquet is missing, damaged/,
    )
    await rm(ready.truthFolder, { recursive: true })
    await expect(readJudgedDataset(ready, signal)).rejects.toThrow(/META\.json is missing, damaged/)
  })

  it('is not read in a format that has no reader', async () => {
    const ready = await makeDataset(folder, 1_000, 'csv')
    await expect(readJudgedDataset(ready, signal)).rejects.toThrow(/is neither \.parquet nor \.jsonl/)
  })
})
