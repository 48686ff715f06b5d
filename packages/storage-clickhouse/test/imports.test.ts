import type { ImportFileParams, ImportFormat, ImportResult, ImportTarget, SnapshotKey } from '@subnetkit/core'
import { isInputError, utcDateSchema } from '@subnetkit/core'
import { afterAll, beforeAll, expect, it } from 'vitest'

import { readText } from './connected.ts'
import { describeOnEachEngine } from './engine.ts'
import { openMinerStore, type MinerStore } from './miner-store.ts'

type Cell = string | number | boolean | null | readonly (string | number)[]
type Row = Readonly<Record<string, Cell>>
type Extra = Partial<Pick<ImportFileParams, 'columnMap' | 'transfers' | 'sourceColumns'>>

let keys = 0
function newKey(): SnapshotKey {
  keys += 1
  return {
    network: 'torus',
    processingDate: utcDateSchema.parse('2025-08-01'),
    windowDays: 30,
    snapshotId: keys.toString(16).padStart(32, '0'),
  }
}

async function* bytes(...chunks: readonly (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks)
    yield await Promise.resolve(typeof chunk === 'string' ? Buffer.from(chunk) : chunk)
}

function csvCell(cell: Cell | undefined): string {
  if (cell === null || cell === undefined) return ''
  const text = typeof cell === 'object' ? JSON.stringify(cell) : String(cell)
  return `"${text.replaceAll('"', '""')}"`
}

const alert: Row = {
  alert_id: 'a-1',
  address: '5Grw',
  typology_type: 'STRUCTURING',
  severity: 'HIGH',
  alert_confidence_score: 0.875,
  volume_usd: '1000000000000.123456789012345678',
  risk_indicators: ['it"s', 'a,b'],
}
const transfer: Row = {
  block_timestamp: Date.UTC(2025, 6, 20, 1, 2, 3, 345),
  from_address: '5A',
  to_address: '5B',
  asset_symbol: 'TAO',
  amount: '12.5',
  amount_usd: '3000.000001',
}
const milliseconds = { timestampUnit: 'ms', amounts: 'keep' } as const

describeOnEachEngine('snapshot imports', (engine) => {
  let store: MinerStore
  beforeAll(async () => {
    store = await openMinerStore(engine)
  })
  afterAll(async () => {
    await store.close()
  })

  const importBytes = async (
    target: ImportTarget,
    format: ImportFormat,
    content: AsyncIterable<Uint8Array>,
    sourceColumns: readonly string[],
    key: SnapshotKey = newKey(),
    extra: Extra = {},
  ): Promise<ImportResult> =>
    store.repositories.snapshotImports.importFile({
      key,
      target,
      fileName: `${target}.${format}`,
      format,
      sourceColumns,
      content,
      ...(target === 'transfers' ? { transfers: milliseconds } : {}),
      ...extra,
    })

  const importRows = async (
    target: ImportTarget,
    rows: readonly Row[],
    key = newKey(),
    extra: Extra = {},
  ): Promise<ImportResult> => {
    const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))]
    const lines = rows.map((row) => `${columns.map((name) => csvCell(row[name])).join(',')}\n`)
    return importBytes(target, 'csv', bytes(`${columns.join(',')}\n`, ...lines), columns, key, extra)
  }

  const parquet = async (sql: string): Promise<Uint8Array> => {
    const chunks: Uint8Array[] = []
    for await (const chunk of store.connection.read({ sql: `${sql} FORMAT Parquet` })) chunks.push(chunk)
    return Buffer.concat(chunks)
  }

  const refusal = async (work: Promise<unknown>): Promise<string> => {
    const error: unknown = await work.then(
      () => 'it was accepted',
      (problem: unknown) => problem,
    )
    if (!isInputError(error)) throw error
    return error.message
  }

  it('stores alerts with their defaults, every digit and any severity case', async () => {
    const key = newKey()
    expect(
      await importRows('alerts', [alert, { ...alert, alert_id: 'a-0', severity: 'critical' }], key),
    ).toEqual({
      rows: 2,
      outsideWindow: 0,
    })
    const { items } = await store.repositories.alerts.list({ key, limit: 10 })
    expect(items.map(({ alertId, severity }) => [alertId, severity])).toEqual([
      ['a-0', 'critical'],
      ['a-1', 'high'],
    ])
    expect(items[1]).toEqual({
      ...key,
      alertId: 'a-1',
      address: '5Grw',
      typologyType: 'STRUCTURING',
      patternId: '',
      patternType: '',
      severity: 'high',
      suspectedAddressType: 'unknown',
      suspectedAddressSubtype: '',
      alertConfidenceScore: 0.875,
      description: '',
      volumeUsd: '1000000000000.123456789012345678',
      evidenceJson: '',
      riskIndicators: ['it"s', 'a,b'],
    })
  })

  it('gives the same rows and the same hash from CSV, JSONL and Parquet, and replaces what an earlier import left', async () => {
    const rows = [alert, { ...alert, alert_id: 'ünï 😀', volume_usd: '7' }]
    const inCsv = newKey()
    await importRows('alerts', rows, inCsv)
    const inJson = newKey()
    const json = rows.map((row) => `${JSON.stringify(row)}\n`)
    await importRows('alerts', [{ ...alert, alert_id: 'gone' }], inJson)
    await importBytes('alerts', 'jsonl', bytes(...json.toReversed()), Object.keys(alert), inJson)
    const inParquet = newKey()
    const file = await parquet(
      `SELECT arrayJoin([('a-1', toDecimal128('1000000000000.123456789012345678', 18)), ('ünï 😀', toDecimal128(7, 18))]) AS pair,
pair.1 AS alert_id, '5Grw' AS address, 'STRUCTURING' AS typology_type, 'HIGH' AS severity, toFloat32(0.875) AS alert_confidence_score,
pair.2 AS volume_usd, ['it"s', 'a,b'] AS risk_indicators`
        .replace('AS pair,', 'AS _pair,')
        .replaceAll('pair.', '_pair.'),
    )
    await importBytes(
      'alerts',
      'parquet',
      bytes(file.subarray(0, 99), file.subarray(99)),
      Object.keys(alert),
      inParquet,
    )
    const hashes = await Promise.all(
      [inCsv, inJson, inParquet].map(async (key) => store.repositories.snapshots.hashInputs({ key })),
    )
    expect(new Set(hashes).size).toBe(1)
    expect(await store.repositories.alerts.count({ key: inJson })).toBe(2)
  })

  it('turns a wide feature file into long rows: numbers, flags, lists and text; a missing value is no row', async () => {
    const key = newKey()
    const file = await parquet(
      `SELECT '5A' AS address, toUInt32(3) AS degree_in, toDecimal128('1.5', 18) AS total_in_usd, true AS is_whale,
[toUInt16(1), 2, 3] AS daily_activity, 'TAO' AS dominant_asset_in, CAST(NULL, 'Nullable(Float64)') AS pagerank
UNION ALL SELECT '5B', 4, 2, false, [], '', 0.25`,
    )
    const columns = 'address degree_in total_in_usd is_whale daily_activity dominant_asset_in pagerank'.split(
      ' ',
    )
    expect(await importBytes('features', 'parquet', bytes(file), columns, key)).toEqual({
      rows: 2,
      outsideWindow: 0,
    })
    const { items } = await store.repositories.features.list({ key, limit: 100 })
    expect(items.map((row) => [row.address, row.featureName, row.featureValue, row.featureMetadata])).toEqual(
      [
        ['5A', 'daily_activity_00', 1, ''],
        ['5A', 'daily_activity_01', 2, ''],
        ['5A', 'daily_activity_02', 3, ''],
        ['5A', 'degree_in', 3, ''],
        ['5A', 'dominant_asset_in', 0, 'TAO'],
        ['5A', 'is_whale', 1, ''],
        ['5A', 'total_in_usd', 1.5, ''],
        ['5B', 'degree_in', 4, ''],
        ['5B', 'is_whale', 0, ''],
        ['5B', 'pagerank', 0.25, ''],
        ['5B', 'total_in_usd', 2, ''],
      ],
    )
  })

  it('fills clusters, money flows and labels', async () => {
    const key = newKey()
    await importRows(
      'alertClusters',
      [
        {
          cluster_id: 'c',
          cluster_type: 'same_entity',
          total_alerts: 2,
          confidence_avg: 1,
          related_alert_ids: ['a', 'b'],
        },
      ],
      key,
    )
    await importRows(
      'moneyFlows',
      [
        {
          from_address: 'x',
          to_address: 'y',
          tx_count: 1,
          amount_usd_sum: '99999999999999999999999',
          first_seen_timestamp: 1753920000123,
          last_seen: '2025-07-31T02:00:00.5+02:00',
        },
      ],
      key,
    )
    await importRows('addressLabels', [{ address: 'x', label: 'exchange "one"', risk_level: 'Low' }], key)
    expect((await store.repositories.alertClusters.list({ key, limit: 1 })).items[0]).toMatchObject({
      relatedAlertIds: ['a', 'b'],
      severityMax: 'medium',
      addressesInvolved: [],
      totalVolumeUsd: '0',
    })
    expect((await store.repositories.moneyFlows.list({ key, limit: 1 })).items[0]).toMatchObject({
      amountUsdSum: '99999999999999999999999',
      firstSeen: new Date(1753920000123),
      lastSeen: new Date('2025-07-31T00:00:00.500Z'),
    })
    expect((await store.repositories.addressLabels.list({ key, limit: 1 })).items[0]).toMatchObject({
      riskLevel: 'low',
      confidenceScore: 0.5,
      trustLevel: 'unverified',
    })
  })

  it('keeps transfers of the window [date − days, date) and counts the others', async () => {
    const key = newKey()
    const at = (iso: string): Row => ({ ...transfer, block_timestamp: Date.parse(iso) })
    const rows = [
      '2025-07-01T23:59:59.999Z',
      '2025-07-02T00:00:00.000Z',
      '2025-07-31T23:59:59.999Z',
      '2025-08-01T00:00:00.000Z',
    ].map(at)
    expect(await importRows('transfers', rows, key)).toEqual({ rows: 2, outsideWindow: 2 })
    const { items } = await store.repositories.transfers.list({ key, limit: 10 })
    expect(items.map(({ transferId, blockTimestamp }) => [transferId, blockTimestamp.toISOString()])).toEqual(
      [
        ['2', '2025-07-02T00:00:00.000Z'],
        ['3', '2025-07-31T23:59:59.999Z'],
      ],
    )
  })

  it('reads mapped columns, days from day zero, and drops amounts that give the answer away', async () => {
    const key = newKey()
    const rows = [{ sourceNodeId: 1, targetNodeId: 2, value: 'not even a number', time: 5 }]
    const columnMap = {
      fromAddress: 'sourceNodeId',
      toAddress: 'targetNodeId',
      amountUsd: 'value',
      blockTimestamp: 'time',
    }
    const transfers = { timestampUnit: 'day', dayZero: '2025-07-10', amounts: 'drop' } as const
    expect(await importRows('transfers', rows, key, { columnMap, transfers })).toEqual({
      rows: 1,
      outsideWindow: 0,
    })
    const { items } = await store.repositories.transfers.list({ key, limit: 1 })
    expect(items[0]).toMatchObject({
      fromAddress: '1',
      amount: '1',
      amountUsd: '1',
      blockTimestamp: new Date('2025-07-15T00:00:00Z'),
    })
  })

  it('joins the source ids of a transfer, and reads seconds and ISO times', async () => {
    const key = newKey()
    const ids = { tx_id: '0xab', event_index: 3 }
    await importRows('transfers', [{ ...transfer, ...ids, block_timestamp: '1752973323.345' }], key, {
      transfers: { timestampUnit: 's', amounts: 'keep' },
    })
    expect((await store.repositories.transfers.list({ key, limit: 1 })).items[0]).toMatchObject({
      transferId: '0xab:3:0',
      blockTimestamp: new Date('2025-07-20T01:02:03.345Z'),
    })
    await importRows('transfers', [{ ...transfer, block_timestamp: '2025-07-20T01:02:03.345Z' }], key, {
      transfers: { timestampUnit: 'iso', amounts: 'keep' },
    })
    expect((await store.repositories.transfers.list({ key, limit: 1 })).items[0]).toMatchObject({
      transferId: '1',
      blockTimestamp: new Date('2025-07-20T01:02:03.345Z'),
    })
  })

  it.each<readonly [string, ImportTarget, Row, RegExp]>([
    [
      'an unknown severity',
      'alerts',
      { severity: 'urgent' },
      /row 2, column severity: "urgent" is none of low, medium, high, critical/,
    ],
    [
      'NaN',
      'alerts',
      { alert_confidence_score: 'NaN' },
      /column alert_confidence_score: "NaN" is not a number between 0 and 1/,
    ],
    [
      'a confidence above 1',
      'alerts',
      { alert_confidence_score: 1.01 },
      /"1.01" is not a number between 0 and 1/,
    ],
    ['1e300', 'alerts', { volume_usd: '1e300' }, /column volume_usd: "1e300" is not a number/],
    ['nineteen places', 'alerts', { volume_usd: '0.1234567890123456789' }, /nothing is rounded/],
    ['a negative volume', 'alerts', { volume_usd: '-1' }, /"-1" is not a number from 0/],
    [
      'an address of 10 MB',
      'alerts',
      { address: 'x'.repeat(10_000_000) },
      /row 2, column address: "x{64}" \(the beginning of 10000000 bytes\) is not an address/,
    ],
    ['an address with a space', 'alerts', { address: 'a b' }, /is not an address/],
    ['a missing address', 'alerts', { address: null }, /column address: null is missing/],
    ['a duplicate id', 'alerts', { alert_id: 'a-1' }, /row 2, alertId: .*a-1.* stands in row 1 already/],
    ['a control character in an id', 'alerts', { alert_id: 'a\nb' }, /without control characters/],
    ['a list that is none', 'alerts', { risk_indicators: 'x' }, /is not a JSON list/],
    [
      'another network',
      'alerts',
      { network: 'bittensor' },
      /column network: "bittensor" is not the network of this snapshot/,
    ],
    [
      'another date',
      'alerts',
      { processing_date: '2025-08-02' },
      /is not the processing date of this snapshot/,
    ],
    [
      'another window',
      'alerts',
      { window_days: 7 },
      /column window_days: "7" is not the window of this snapshot/,
    ],
    [
      'a date that does not exist',
      'moneyFlows',
      { last_seen: '2025-02-30T00:00:00Z' },
      /"2025-02-30T00:00:00Z" is neither/,
    ],
    ['a fractional count', 'moneyFlows', { tx_count: 1.5 }, /"1.5" is not a whole number/],
    [
      'an amount that overflows',
      'transfers',
      { amount_usd: '100000000000000000000' },
      /at most 20 digits before/,
    ],
    ['a time before 1970', 'transfers', { block_timestamp: -1 }, /whole milliseconds since 1970/],
    [
      'a feature that is NaN',
      'features',
      { degree_in: 'nan' },
      /column degree_in: "nan" is not a finite number/,
    ],
    ['a feature that is infinite', 'features', { degree_in: 'inf' }, /"inf" is not a finite number/],
    ['text among numbers', 'features', { degree_in: 'many' }, /"many" is not a finite number/],
    ['a duplicate address', 'features', { address: '5A' }, /row 2, address: .*5A.* stands in row 1/],
  ])('refuses %s with row, column and value, and stores nothing', async (_name, target, change, message) => {
    const good: Readonly<Partial<Record<ImportTarget, Row>>> = {
      alerts: { network: 'torus', processing_date: '2025-08-01', window_days: 30, ...alert },
      moneyFlows: {
        from_address: 'x',
        to_address: 'y',
        tx_count: 1,
        amount_usd_sum: 1,
        first_seen: 0,
        last_seen: 1,
      },
      transfers: transfer,
      features: { address: '5A', degree_in: 1 },
    }
    const other: Row = {
      alerts: { alert_id: 'a-2' },
      moneyFlows: { to_address: 'z' },
      transfers: {},
      features: { address: '5B' },
    }[target as 'alerts' | 'features' | 'moneyFlows' | 'transfers']
    const key = newKey()
    const rows = [good[target] ?? {}, { ...good[target], ...other, ...change }]
    expect(await refusal(importRows(target, rows, key))).toMatch(message)
    expect(await store.repositories.alerts.count({ key })).toBe(0)
    expect(await store.repositories.features.count({ key })).toBe(0)
  })

  it('refuses a file without a needed column, and maps to columns or fields that do not exist', async () => {
    const { alert_id: _unused, ...rest } = alert
    expect(await refusal(importRows('alerts', [rest]))).toMatch(
      /alerts.csv: alert_id: is a column that the file does not have|alert_id is a column/,
    )
    expect(
      await refusal(importRows('alerts', [alert], newKey(), { columnMap: { alertId: 'nope' } })),
    ).toMatch(/nope/)
    expect(
      await refusal(importRows('alerts', [alert], newKey(), { columnMap: { nope: 'address' } })),
    ).toMatch(/"nope" is not a field/)
    expect(await refusal(importRows('transfers', [{ ...transfer, amount: null, amount_usd: null }]))).toMatch(
      /amount.*is missing/,
    )
    expect(await refusal(importRows('alerts', [{ ...alert, "x'; DROP": 1 }]))).toMatch(/is not a column name/)
    expect(await refusal(importRows('features', [{ address: '5A', 'Total In': 1 }]))).toMatch(
      /"Total In" is not a feature name/,
    )
  })

  it('refuses unreadable bytes: empty, truncated, of another format, with a surprise column', async () => {
    const columns = Object.keys(alert)
    const file = await parquet(`SELECT 'a' AS alert_id, 'b' AS address FROM numbers(1000)`)
    expect(await refusal(importBytes('alerts', 'csv', bytes(''), columns))).toMatch(
      /alerts.csv: is empty|is empty/,
    )
    expect(await refusal(importBytes('alerts', 'parquet', bytes(), columns))).toMatch(/is empty/)
    expect(
      await refusal(importBytes('alerts', 'parquet', bytes(file.subarray(0, file.length - 9)), columns)),
    ).toMatch(/cannot be read as parquet/)
    expect(
      await refusal(importBytes('alerts', 'parquet', bytes('alert_id,address\n1,2\n'), columns)),
    ).toMatch(/cannot be read as parquet/)
    expect(await refusal(importBytes('alerts', 'jsonl', bytes('{"alert_id": "a",\n'), columns))).toMatch(
      /cannot be read as jsonl/,
    )
    expect(
      await refusal(
        importBytes(
          'alerts',
          'csv',
          bytes(`${columns.join(',')},more\n${'1,'.repeat(columns.length)}2\n`),
          columns,
        ),
      ),
    ).toMatch(/more|cannot be read/)
  })

  it('takes a header without rows as no rows', async () => {
    const columns = Object.keys(alert)
    expect(await importBytes('alerts', 'csv', bytes(`${columns.join(',')}\n`), columns)).toEqual({
      rows: 0,
      outsideWindow: 0,
    })
  })

  it('passes on what the source throws, and an abort with its own reason; leaves no staging table behind', async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield await Promise.resolve(Buffer.from('alert_id\n'))
      throw new RangeError('the disk is gone')
    }
    await expect(importBytes('alerts', 'csv', broken(), Object.keys(alert))).rejects.toThrow(
      'the disk is gone',
    )
    const reason = new Error('stop it')
    const controller = new AbortController()
    async function* endless(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(`${Object.keys(alert).join(',')}\n`)
      controller.abort(reason)
      for (;;) yield await Promise.resolve(Buffer.from('x,'.repeat(100_000)))
    }
    const params = {
      key: newKey(),
      target: 'alerts',
      fileName: 'a.csv',
      format: 'csv',
      sourceColumns: Object.keys(alert),
      content: endless(),
    } as const
    await expect(
      store.repositories.snapshotImports.importFile(params, { signal: controller.signal }),
    ).rejects.toBe(reason)
    expect(
      await readText(
        store.connection,
        `SELECT count() FROM system.tables WHERE name LIKE 'staging%' AND database = currentDatabase() FORMAT TSV`,
      ),
    ).toBe('0\n')
  })

  it('sweeps old staging tables and nothing else', async () => {
    const old = (BigInt(Date.UTC(2025, 0, 1)) * 1000n) << 10n
    const young = (BigInt(Date.UTC(2025, 0, 2)) * 1000n) << 10n
    for (const name of [`staging_import_${old}`, `staging_import_${young}`, 'staging_import_mine']) {
      await store.connection.command({ sql: `CREATE TABLE ${name} (a UInt8) ENGINE = Memory` })
    }
    const now = new Date('2025-01-02T00:00:01Z')
    expect(await store.repositories.snapshotImports.sweep({ now, olderThanMs: 3_600_000 })).toEqual({
      removed: 1,
    })
    expect(await readText(store.connection, `SHOW TABLES LIKE 'staging%'`)).toBe(
      `staging_import_${young}\nstaging_import_mine\n`,
    )
    expect(await store.repositories.snapshotImports.sweep({ now, olderThanMs: 0 })).toEqual({ removed: 1 })
  })
})
