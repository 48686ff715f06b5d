import { buildSnapshotKey } from '@subnetkit/core/contracts'
import { afterAll, beforeAll, expect, it } from 'vitest'

import { describeOnEachEngine } from './engine.ts'
import { alertSource, bytes, importingInto, transferSource, type SourceRow } from './import-fixture.ts'
import { openMinerStore, type MinerStore } from './miner-store.ts'

describeOnEachEngine('snapshot imports', (engine) => {
  let store: MinerStore
  beforeAll(async () => {
    store = await openMinerStore(engine)
  })
  afterAll(async () => {
    await store.close()
  })
  const { importBytes, importRows, parquet } = importingInto(() => store)

  it('stores alerts with their defaults, every digit and any severity case', async () => {
    const key = buildSnapshotKey()
    expect(
      await importRows(
        'alerts',
        [alertSource, { ...alertSource, alert_id: 'a-0', severity: 'critical' }],
        key,
      ),
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
    const rows = [alertSource, { ...alertSource, alert_id: 'ünï 😀', volume_usd: '7' }]
    const inCsv = buildSnapshotKey()
    await importRows('alerts', rows, inCsv)
    const inJson = buildSnapshotKey()
    const json = rows.map((row) => `${JSON.stringify(row)}\n`)
    await importRows('alerts', [{ ...alertSource, alert_id: 'gone' }], inJson)
    await importBytes('alerts', 'jsonl', bytes(...json.toReversed()), Object.keys(alertSource), inJson)
    const inParquet = buildSnapshotKey()
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
      Object.keys(alertSource),
      inParquet,
    )
    const hashes = await Promise.all(
      [inCsv, inJson, inParquet].map(async (key) => store.repositories.snapshots.hashInputs({ key })),
    )
    expect(new Set(hashes).size).toBe(1)
    expect(await store.repositories.alerts.count({ key: inJson })).toBe(2)
  })

  it('turns a wide feature file into long rows: numbers, flags, lists and text; a missing value is no row', async () => {
    const key = buildSnapshotKey()
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
    const key = buildSnapshotKey()
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
    const key = buildSnapshotKey()
    const at = (iso: string): SourceRow => ({ ...transferSource, block_timestamp: Date.parse(iso) })
    const rows = [
      '2025-07-01T23:59:59.999Z',
      '2025-07-02T00:00:00.000Z',
      '2025-07-31T23:59:59.999Z',
      '2025-08-01T00:00:00.000Z',
    ].map(at)
    expect(await importRows('transfers', rows, key)).toEqual({ rows: 2, outsideWindow: 2 })
    const { items } = await store.repositories.transfers.list({ key, limit: 10 })
    expect(items.map(({ blockTimestamp }) => blockTimestamp.toISOString())).toEqual([
      '2025-07-02T00:00:00.000Z',
      '2025-07-31T23:59:59.999Z',
    ])
  })

  it('makes the ids of transfers without one from what they say: order does not matter, equal rows stay', async () => {
    const at = (ms: number): SourceRow => ({ ...transferSource, block_timestamp: ms })
    const [early, late] = [at(Date.parse('2025-07-05T00:00:00Z')), at(Date.parse('2025-07-06T00:00:00Z'))]
    const [key, other] = [buildSnapshotKey(), buildSnapshotKey()]
    expect((await importRows('transfers', [early, late, early], key)).rows).toBe(3)
    await importRows('transfers', [late, early, early], other)
    const ids = async (snapshot: typeof key): Promise<string[]> =>
      (await store.repositories.transfers.list({ key: snapshot, limit: 10 })).items.map(
        (item) => item.transferId,
      )
    expect(new Set(await ids(key)).size).toBe(3)
    expect(await ids(other)).toEqual(await ids(key))
  })

  it('reads mapped columns, days from day zero, and drops amounts that give the answer away', async () => {
    const key = buildSnapshotKey()
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
    const key = buildSnapshotKey()
    const ids = { tx_id: '0xab', event_index: 3 }
    await importRows('transfers', [{ ...transferSource, ...ids, block_timestamp: '1752973323.345' }], key, {
      transfers: { timestampUnit: 's', amounts: 'keep' },
    })
    expect((await store.repositories.transfers.list({ key, limit: 1 })).items[0]).toMatchObject({
      transferId: '0xab:3:0',
      blockTimestamp: new Date('2025-07-20T01:02:03.345Z'),
    })
    await importRows('transfers', [{ ...transferSource, block_timestamp: '2025-07-20T01:02:03.345Z' }], key, {
      transfers: { timestampUnit: 'iso', amounts: 'keep' },
    })
    expect((await store.repositories.transfers.list({ key, limit: 1 })).items[0]).toMatchObject({
      transferId: expect.stringMatching(/^[0-9a-f]{32}-1$/),
      blockTimestamp: new Date('2025-07-20T01:02:03.345Z'),
    })
  })

  it('takes a header without rows as no rows', async () => {
    const columns = Object.keys(alertSource)
    expect(await importBytes('alerts', 'csv', bytes(`${columns.join(',')}\n`), columns)).toEqual({
      rows: 0,
      outsideWindow: 0,
    })
  })
})
