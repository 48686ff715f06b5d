import type { ImportTarget } from '@subnetkit/core'
import { buildSnapshotKey } from '@subnetkit/core/contracts'
import { afterAll, beforeAll, expect, it } from 'vitest'

import { readText } from './connected.ts'
import { describeOnEachEngine } from './engine.ts'
import {
  alertSource,
  bytes,
  importingInto,
  refusal,
  transferSource,
  type SourceRow,
} from './import-fixture.ts'
import { openMinerStore, type MinerStore } from './miner-store.ts'

describeOnEachEngine('what snapshot imports refuse', (engine) => {
  let store: MinerStore
  beforeAll(async () => {
    store = await openMinerStore(engine)
  })
  afterAll(async () => {
    await store.close()
  })
  const { importBytes, importRows, parquet } = importingInto(() => store)

  it.each<readonly [string, ImportTarget, SourceRow, RegExp]>([
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
    const good: Readonly<Partial<Record<ImportTarget, SourceRow>>> = {
      alerts: { network: 'torus', processing_date: '2025-08-01', window_days: 30, ...alertSource },
      moneyFlows: {
        from_address: 'x',
        to_address: 'y',
        tx_count: 1,
        amount_usd_sum: 1,
        first_seen: 0,
        last_seen: 1,
      },
      transfers: transferSource,
      features: { address: '5A', degree_in: 1 },
    }
    const other: SourceRow = {
      alerts: { alert_id: 'a-2' },
      moneyFlows: { to_address: 'z' },
      transfers: {},
      features: { address: '5B' },
    }[target as 'alerts' | 'features' | 'moneyFlows' | 'transfers']
    const key = buildSnapshotKey()
    const rows = [good[target] ?? {}, { ...good[target], ...other, ...change }]
    expect(await refusal(importRows(target, rows, key))).toMatch(message)
    expect(await store.repositories.alerts.count({ key })).toBe(0)
    expect(await store.repositories.features.count({ key })).toBe(0)
  })

  it('refuses a file without a needed column, and maps to columns or fields that do not exist', async () => {
    const { alert_id: _unused, ...rest } = alertSource
    expect(await refusal(importRows('alerts', [rest]))).toMatch(
      /alerts.csv: alert_id: is a column that the file does not have|alert_id is a column/,
    )
    expect(
      await refusal(
        importRows('alerts', [alertSource], buildSnapshotKey(), { columnMap: { alertId: 'nope' } }),
      ),
    ).toMatch(/nope/)
    expect(
      await refusal(
        importRows('alerts', [alertSource], buildSnapshotKey(), { columnMap: { nope: 'address' } }),
      ),
    ).toMatch(/"nope" is not a field/)
    expect(
      await refusal(importRows('transfers', [{ ...transferSource, amount: null, amount_usd: null }])),
    ).toMatch(/amount.*is missing/)
    expect(await refusal(importRows('alerts', [{ ...alertSource, "x'; DROP": 1 }]))).toMatch(
      /is not a column name/,
    )
    expect(await refusal(importRows('features', [{ address: '5A', 'Total In': 1 }]))).toMatch(
      /"Total In" is not a feature name/,
    )
  })

  it('refuses unreadable bytes: empty, truncated, of another format, with a surprise column', async () => {
    const columns = Object.keys(alertSource)
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

  it('passes on what the source throws, and an abort with its own reason; leaves no staging table behind', async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield await Promise.resolve(Buffer.from('alert_id\n'))
      throw new RangeError('the disk is gone')
    }
    await expect(importBytes('alerts', 'csv', broken(), Object.keys(alertSource))).rejects.toThrow(
      'the disk is gone',
    )
    const reason = new Error('stop it')
    const controller = new AbortController()
    async function* endless(): AsyncGenerator<Uint8Array> {
      yield Buffer.from(`${Object.keys(alertSource).join(',')}\n`)
      controller.abort(reason)
      for (;;) yield await Promise.resolve(Buffer.from('x,'.repeat(100_000)))
    }
    const params = {
      key: buildSnapshotKey(),
      target: 'alerts',
      fileName: 'a.csv',
      format: 'csv',
      sourceColumns: Object.keys(alertSource),
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
