import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

import { describe, expect, it } from 'vitest'

import { expectNothingStored, expectRefused } from './fixtures/bad-input-store.ts'
import { callMiner } from './fixtures/miner-call.ts'
import { renameColumns, tableBytes, withCell } from './fixtures/table-file.ts'
import { dayFlagsOf, dayOf, freshNetwork, sharedDataDir, tempFolder } from './fixtures/test-miner.ts'
import { transferTable, transferWorld } from './fixtures/transfer-world.ts'

const dataDir = sharedDataDir()
/** One for all: nothing of any of them may be in it. */
const day = dayOf(freshNetwork())
const good = transferTable(transferWorld({ date: '2025-08-01', transfers: 20 }))
const csv = (table = good): Uint8Array => tableBytes(table, 'csv')

const isoTimes = withCell(
  {
    columns: { ...good.columns, block_timestamp: 'text' },
    rows: good.rows.map((row) => ({ ...row, block_timestamp: '2025-07-20T10:00:00Z' })),
  },
  2,
  'block_timestamp',
  '2025-02-30T00:00:00Z',
)

const cases: readonly (readonly [string, string, Uint8Array, readonly string[], RegExp])[] = [
  [
    'gzip that is cut off',
    't.csv.gz',
    gzipSync(csv()).subarray(0, 400),
    [],
    /t\.csv\.gz: is not a whole gzip file.*cut off/,
  ],
  ['a name that says gzip, and none inside', 't.csv.gz', csv(), [], /t\.csv\.gz: is not gzip/],
  [
    'Parquet that is cut off',
    't.parquet',
    tableBytes(good, 'parquet').subarray(0, 500),
    [],
    /t\.parquet: is not a whole Parquet file/,
  ],
  [
    'JSONL that is cut off',
    't.jsonl',
    tableBytes(good, 'jsonl').subarray(0, 700),
    [],
    /t\.jsonl, row \d+.*cannot be read as jsonl/,
  ],
  [
    'NaN as an amount',
    't.csv',
    csv(withCell(good, 3, 'amount_usd', 'NaN')),
    [],
    /t\.csv, row 4, column amount_usd: "NaN" is not a number from 0/,
  ],
  [
    'a negative amount',
    't.csv',
    csv(withCell(good, 0, 'amount_usd', '-1')),
    [],
    /row 1, column amount_usd: "-1" is not a number from 0/,
  ],
  [
    'a date that does not exist',
    't.csv',
    csv(isoTimes),
    ['--timestamp-unit', 'iso'],
    /row 3, column block_timestamp: "2025-02-30T00:00:00Z" is not a date and time that exists/,
  ],
  [
    'a column that the file does not have',
    't.csv',
    csv(),
    ['--columns', 'amount_usd=dollars'],
    /t\.csv: dollars: is a column that the file does not have.*tx_id/,
  ],
  [
    'a column that no transfer has',
    't.csv',
    csv(),
    ['--columns', 'colour=red'],
    /--columns: "colour=red" is not FIELD=COLUMN.*from_address/,
  ],
  [
    'a header without addresses',
    't.csv',
    csv(renameColumns(good, { who: 'from_address' })),
    [],
    /t\.csv: from_address: is a column that the file does not have/,
  ],
  [
    'no transfer in the window',
    't.csv',
    csv(),
    ['--window-days', '1', '--date', '2020-01-01'],
    /t\.csv: holds 75 transfers, none of them in the 1 days before 2020-01-01/,
  ],
  ['an empty file', 't.csv', new Uint8Array(), [], /t\.csv: is empty/],
  ['an unknown format', 't.xlsx', csv(), [], /--transfers: "t\.xlsx" is of no known format/],
]

describe('transfers are refused, and nothing of them is stored, for', () => {
  it.each(cases)('%s', async (_name, file, bytes, flags, message) => {
    await using temp = await tempFolder()
    const path = join(temp.path, file)
    await writeFile(path, bytes)
    const argv = ['ingest', ...dayFlagsOf(day), '--transfers', path, ...flags]
    await expectRefused(await callMiner({ dataDir }, ...argv), day.network, message)
  })

  it('a duplicate transfer id', async () => {
    await using temp = await tempFolder()
    const path = join(temp.path, 't.csv')
    await writeFile(path, csv(withCell(good, 5, 'tx_id', 'tx000002')))
    const call = await callMiner({ dataDir }, 'ingest', ...dayFlagsOf(day), '--transfers', path)
    await expectRefused(call, day.network, /t\.csv, row 6, .*stands in row 3 already/)
  })
})

describe('flags', () => {
  const flags = ['--network', 'torus', '--date', '2025-08-01']
  it.each([
    [
      ['ingest', '--network', 'torus', '--date', '2025-02-30', '--snapshot', 'x'],
      /^error: --date: "2025-02-30" is not a date that exists/,
    ],
    [
      ['ingest', '--network', `a'b"; DROP TABLE x; --`, '--date', '2025-08-01', '--snapshot', 'x'],
      /^error: --network: ".*DROP TABLE.*" must be 1–32 characters/,
    ],
    [['ingest', ...flags], /--snapshot: and --transfers are both missing/],
    [
      ['ingest', ...flags, '--snapshot', 'a', '--transfers', 'b'],
      /--snapshot: is given together with --transfers/,
    ],
    [
      ['ingest', ...flags, '--snapshot', 'a', '--columns', 'x=y'],
      /--columns: "x=y" says how to read --transfers/,
    ],
    [
      ['ingest', ...flags, '--snapshot', '/no/such/folder'],
      /--snapshot: "\/no\/such\/folder" is not a folder/,
    ],
    [['ingest', ...flags, '--transfers', '/no/such/file.csv'], /\/no\/such\/file\.csv: cannot be read/],
    [['score', ...flags, '--window-days', '0'], /--window-days: "0" /],
    [['report', ...flags, '--top', 'ten'], /--top: "ten"/],
    [['export', ...flags, '--out', 'x', '--format', 'xml'], /--format: "xml".*parquet.*csv.*jsonl/],
    [
      ['detect', '--network', 'torus', '--date', '1999-01-01'],
      /--date: "1999-01-01" has no transfers of torus.*aml-miner ingest/,
    ],
    [['score', '--network', 'torus', '--date', '1999-01-01'], /--date: "1999-01-01" has no alerts of torus/],
    [
      ['report', '--network', 'torus', '--date', '1999-01-01'],
      /--date: "1999-01-01" has no completed batch of torus/,
    ],
  ])('%j are refused', async (argv, message) => {
    const { code, err, out } = await callMiner({ dataDir }, ...argv)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toMatch(new RegExp(message.source, 'm'))
  })

  it('--json gives one error document', async () => {
    const network = freshNetwork()
    const argv = ['--json', 'score', '--network', network, '--date', '2025-08-01']
    const { code, out } = await callMiner({ dataDir }, ...argv)
    expect(code).toBe(2)
    expect(JSON.parse(out)).toEqual({
      error: {
        code: 'invalid_input',
        field: '--date',
        message: expect.stringContaining(`has no alerts of ${network}`),
        hint: expect.stringContaining('aml-miner ingest'),
      },
    })
    await expectNothingStored(network)
  })

  it('a port in use is told with the way out', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const call = await callMiner({ dataDir }, 'serve', '--network', freshNetwork(), '--port', `${port}`)
    server.close()
    expect(call).toMatchObject({ code: 2, out: '' })
    expect(call.err).toMatch(/--port: "?\d+"? is in use on 127\.0\.0\.1.*another port/)
  })

  it('a store that cannot be reached ends with 1', async () => {
    const environment = { CLICKHOUSE_URL: 'http://127.0.0.1:9', CLICKHOUSE_PASSWORD: 'x' }
    const argv = ['status', '--network', 'torus']
    const { code, err } = await callMiner({ dataDir, environment }, ...argv)
    expect(code).toBe(1)
    expect(err).toMatch(/^error: .*127\.0\.0\.1:9/m)
  })
})
