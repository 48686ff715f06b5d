import { createHash } from 'node:crypto'
import { readFile, rename, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { describe, it } from 'vitest'
import { z } from 'zod'

import { expectRefused } from './fixtures/bad-input-store.ts'
import { callMiner, type MinerCall } from './fixtures/miner-call.ts'
import { publishedTables, type WriteSnapshotOptions, writeSnapshot } from './fixtures/published-snapshot.ts'
import { type Table, withCell, withoutColumn } from './fixtures/table-file.ts'
import { dayFlagsOf, dayOf, freshNetwork, sharedDataDir, tempFolder } from './fixtures/test-miner.ts'

const dataDir = sharedDataDir()
/** One for all: nothing of any of them may be in it. */
const day = dayOf(freshNetwork())

interface BadSnapshot {
  /** Changes one table before it is written. */
  readonly table?: readonly [stem: string, change: (table: Table) => Table]
  readonly options?: WriteSnapshotOptions
  /** Spoils the files after they were written. */
  readonly spoil?: (folder: string) => Promise<void>
}

async function ingestBad({ options, spoil, table }: BadSnapshot): Promise<MinerCall> {
  await using temp = await tempFolder()
  const tables = publishedTables(day)
  const changed =
    table === undefined
      ? tables
      : { ...tables, [table[0]]: table[1](tables[table[0]] ?? { columns: {}, rows: [] }) }
  const folder = await writeSnapshot(join(temp.path, 'snapshot'), day, { tables: changed, ...options })
  await spoil?.(folder)
  return await callMiner({ dataDir }, 'ingest', ...dayFlagsOf(day), '--snapshot', folder)
}

const cell =
  (row: number, column: string, value: string): ((table: Table) => Table) =>
  (table) =>
    withCell(table, row, column, value)

const cases: readonly (readonly [string, BadSnapshot, RegExp])[] = [
  [
    'a truncated Parquet file that META.json still describes by its first bytes',
    {
      options: { format: 'parquet', meta: 'files-md5' },
      spoil: async (folder) => await truncate(join(folder, 'alerts.parquet'), 900),
    },
    /alerts\.parquet: "[0-9a-f]{32}" is not the md5 that META\.json gives.*fetch the file again/,
  ],
  [
    'a checksum that differs',
    {
      spoil: async (folder) => {
        const path = join(folder, 'features.csv')
        await writeFile(path, `${await readFile(path, 'utf8')}\n`)
      },
    },
    /features\.csv: "[0-9a-f]{64}" is not the sha256 that META\.json gives/,
  ],
  [
    'a missing column',
    { table: ['alerts', (table) => withoutColumn(table, 'address')] },
    /alerts\.csv: address.*file has window_days/,
  ],
  [
    'NaN in features',
    { table: ['features', cell(2, 'burst_factor', 'nan')] },
    /features\.csv, row 3, column burst_factor: "nan" is not a finite number/,
  ],
  [
    '1e300 as an amount',
    { table: ['alerts', cell(4, 'volume_usd', '1e300')] },
    /alerts\.csv, row 5, column volume_usd: "1e300" is not a number from 0/,
  ],
  [
    'a confidence above 1',
    { table: ['alerts', cell(0, 'alert_confidence_score', '1.5')] },
    /row 1, column alert_confidence_score: "1\.5" is not a number between 0 and 1/,
  ],
  [
    'an unknown severity',
    { table: ['alerts', cell(3, 'severity', 'severe')] },
    /row 4, column severity: "severe" is none of low, medium, high, critical/,
  ],
  [
    'a duplicate alert id',
    { table: ['alerts', cell(5, 'alert_id', 'alert-001')] },
    /alerts\.csv, row 6, alertId: .*alert-001.* stands in row 2 already/,
  ],
  [
    'an address of 10 MB',
    { table: ['features', cell(1, 'address', 'x'.repeat(10_000_000))] },
    /features\.csv, row 2, column address: "x+…?" \(the beginning of 10000000 bytes\) is not an address/,
  ],
  [
    'a date that does not exist',
    { table: ['clusters', cell(1, 'processing_date', '2025-02-30')] },
    /clusters\.csv, row 2, column processing_date: "2025-02-30" is not the processing date/,
  ],
  [
    'an empty file',
    { spoil: async (folder) => await writeFile(join(folder, 'clusters.csv'), '') },
    /clusters\.csv: is empty/,
  ],
  [
    'a file with a header only',
    { table: ['alerts', (table) => ({ ...table, rows: [] })] },
    /alerts\.csv: holds no rows/,
  ],
  [
    'counts that differ',
    { options: { metaFields: { counts: { alerts: 13 } } } },
    /alerts\.csv: "?12"? rows were found where META\.json counts 13/,
  ],
  [
    'another day in META.json',
    { options: { metaFields: { processing_date: '2025-07-31' } } },
    /META\.json: processing_date: "2025-07-31" is not the asked-for 2025-08-01/,
  ],
  [
    'another window in META.json',
    { options: { metaFields: { window_days: 7 } } },
    /META\.json: window_days: "?7"? is not the asked-for 30/,
  ],
  [
    'a required file that is missing',
    { spoil: async (folder) => await rm(join(folder, 'alerts.csv')) },
    /holds no alerts file.*alerts\.parquet, alerts\.csv or alerts\.jsonl/,
  ],
  [
    'a listed file that is absent',
    { spoil: async (folder) => await rm(join(folder, 'money_flows.csv')) },
    /META\.json: "money_flows\.csv" is listed, but the file is missing/,
  ],
  ['no META.json', { spoil: async (folder) => await rm(join(folder, 'META.json')) }, /holds no META\.json/],
  [
    'a META.json that is no JSON',
    { spoil: async (folder) => await writeFile(join(folder, 'META.json'), '{"sha256":') },
    /META\.json: is not JSON/,
  ],
  [
    'a META.json without checksums',
    { options: { metaFields: { sha256: {} } } },
    /META\.json: names no checksum/,
  ],
  [
    'a file under another name',
    { spoil: async (folder) => await rename(join(folder, 'clusters.csv'), join(folder, 'groups.csv')) },
    /holds no clusters file/,
  ],
]

describe('a snapshot is refused, and nothing of it is stored, for', () => {
  it.each(cases)('%s', async (_name, bad, message) => {
    await expectRefused(await ingestBad(bad), day.network, message)
  })

  it('a Parquet file that was cut off before META.json was written', async () => {
    const spoil = async (folder: string): Promise<void> => {
      await truncate(join(folder, 'alerts.parquet'), 900)
      const bytes = await readFile(join(folder, 'alerts.parquet'))
      const path = join(folder, 'META.json')
      const meta = z
        .looseObject({ sha256: z.record(z.string(), z.string()) })
        .parse(JSON.parse(await readFile(path, 'utf8')))
      const sha256 = { ...meta.sha256, 'alerts.parquet': createHash('sha256').update(bytes).digest('hex') }
      await writeFile(path, JSON.stringify({ ...meta, sha256 }))
    }
    const call = await ingestBad({ options: { format: 'parquet' }, spoil })
    await expectRefused(call, day.network, /alerts\.parquet: is not a whole Parquet file.*cut off/)
  })
})
