import type { SnapshotKey, Transfer } from '@subnetkit/core'
import { buildSnapshotKey, buildTransfer, decimal } from '@subnetkit/core/contracts'
import { afterAll, beforeAll, expect, it } from 'vitest'

import { connectClickHouse, createClickHouseRepositories, derivedFeatureNames } from '../src/index.ts'
import { describeOnEachEngine } from './engine.ts'
import { openMinerStore, type MinerStore } from './miner-store.ts'

/** Names that an address may lack: there is nothing to take the mean, the middle or the extreme of. */
const mayLack = new Set([
  'avg_tx_in_usd',
  'avg_tx_out_usd',
  'dominant_asset_in',
  'dominant_asset_out',
  'max_tx_usd',
  'median_tx_in_usd',
  'median_tx_out_usd',
  'min_tx_usd',
])

describeOnEachEngine('features derived from transfers', (engine) => {
  let store: MinerStore
  beforeAll(async () => {
    store = await openMinerStore(engine)
  })
  afterAll(async () => {
    await store.close()
  })

  type Features = Readonly<Record<string, number>>
  const derive = async (
    change: readonly Partial<Transfer>[],
    key = buildSnapshotKey(),
  ): Promise<Readonly<Record<string, Features>>> => {
    await store.repositories.transfers.put({
      rows: change.map((fields, number) => buildTransfer(key, number, fields)),
    })
    return read(key)
  }
  const read = async (source: SnapshotKey): Promise<Readonly<Record<string, Features>>> => {
    const target = buildSnapshotKey()
    await store.repositories.features.deriveFromTransfers({ source, target })
    const all: Record<string, Record<string, number>> = {}
    for await (const { address, featureName, featureValue } of store.repositories.features.stream({
      key: target,
    })) {
      expect(Number.isFinite(featureValue)).toBe(true)
      ;(all[address] ??= {})[featureName] = featureValue
    }
    return all
  }
  const at = (iso: string): Pick<Transfer, 'blockTimestamp'> => ({ blockTimestamp: new Date(`2025-${iso}Z`) })
  const usd = (text: string): Pick<Transfer, 'amountUsd'> => ({ amountUsd: decimal(text) })

  it('computes a small case as by hand', async () => {
    const { a, b, c } = await derive([
      { fromAddress: 'a', toAddress: 'b', assetSymbol: 'TAO', ...usd('9000'), ...at('07-05T01:10:00') },
      { fromAddress: 'a', toAddress: 'b', assetSymbol: 'TAO', ...usd('1000'), ...at('07-05T01:20:00') },
      { fromAddress: 'a', toAddress: 'c', assetSymbol: 'TOR', ...usd('500'), ...at('07-06T13:00:00') },
      { fromAddress: 'b', toAddress: 'a', assetSymbol: 'TOR', ...usd('3500'), ...at('07-31T23:59:59.999') },
      { fromAddress: 'a', toAddress: 'a', assetSymbol: 'TOR', ...usd('777777'), ...at('07-07T13:30:00') },
    ])
    expect(a).toMatchObject({
      degree_in: 1,
      degree_out: 2,
      degree_total: 3,
      unique_counterparties: 2,
      total_in_usd: 3500,
      total_out_usd: 10_500,
      net_flow_usd: -7000,
      total_volume_usd: 14_000,
      avg_tx_in_usd: 3500,
      avg_tx_out_usd: 3500,
      median_tx_out_usd: 1000,
      max_tx_usd: 9000,
      min_tx_usd: 500,
      tx_in_count: 1,
      tx_out_count: 3,
      tx_total_count: 4,
      self_transfer_count: 1,
      activity_days: 4,
      activity_span_days: 27,
      reciprocity_ratio: 0.5,
      structuring_score: 0.25,
      small_transaction_ratio: 0.25,
      velocity_score: 0.04,
      concentration_ratio: 13_500 / 14_000,
      burst_factor: 0.25,
      peak_hour: 1,
      hourly_activity_01: 2,
      hourly_activity_13: 2,
      hourly_activity_23: 1,
      hourly_activity_00: 0,
      night_transaction_ratio: 0.4,
      weekend_transaction_ratio: 0.6,
      daily_activity_5: 2,
      daily_activity_6: 1,
      asset_diversity_score: 0.5,
      counterparty_stability: 0.5,
      is_new_address: 0,
      is_dormant_reactivated: 1,
      first_activity_timestamp: Date.UTC(2025, 6, 5, 1, 10),
      last_activity_timestamp: Date.UTC(2025, 6, 31, 23, 59, 59, 999),
    })
    expect(a?.['amount_variance']).toBeCloseTo(
      (9000 ** 2 + 1000 ** 2 + 500 ** 2 + 3500 ** 2) / 4 - 3500 ** 2,
      6,
    )
    const deviations = [9000, 1000, 500, 3500].map((amount) => amount - 3500)
    const moment = (power: number): number => deviations.reduce((sum, x) => sum + x ** power, 0) / 4
    expect(a?.['amount_skewness']).toBeCloseTo(moment(3) / moment(2) ** 1.5, 7)
    expect(a?.['amount_kurtosis']).toBeCloseTo(moment(4) / moment(2) ** 2 - 3, 7)
    expect(b).toMatchObject({
      reciprocity_ratio: (2 * 3500) / 13_500,
      degree_in: 1,
      degree_out: 1,
      median_tx_in_usd: 5000,
    })
    expect(c).toMatchObject({
      tx_total_count: 1,
      burst_factor: 0,
      flow_burstiness: 0,
      amount_kurtosis: 0,
      is_retail_inactive: 1,
    })
    expect(c).not.toHaveProperty('avg_tx_out_usd')
    expect(c).not.toHaveProperty('dominant_asset_out')
  })

  it('names exactly what it stores, and keeps text in the metadata', async () => {
    const source = buildSnapshotKey()
    const target = buildSnapshotKey()
    await store.repositories.transfers.put({
      rows: ['TOR', 'TAO', 'ABC'].map((assetSymbol, number) =>
        buildTransfer(source, number, { fromAddress: 'x', toAddress: 'y', assetSymbol }),
      ),
    })
    await store.repositories.features.deriveFromTransfers({ source, target })
    const { items } = await store.repositories.features.list({ key: target, limit: 1000 })
    const ofX = items.filter(({ address }) => address === 'x')
    const lacking = ofX.length + ['avg_tx_in_usd', 'dominant_asset_in', 'median_tx_in_usd'].length
    expect(lacking).toBe(derivedFeatureNames.length)
    for (const { featureName } of items) expect(derivedFeatureNames).toContain(featureName)
    expect(ofX.find(({ featureName }) => featureName === 'dominant_asset_out')).toMatchObject({
      featureValue: 0,
      featureMetadata: 'ABC',
    })
  })

  it('divides by nothing: equal amounts, zero amounts, one transfer, only transfers to oneself', async () => {
    const all = await derive([
      { fromAddress: 'equal', toAddress: 'p', ...usd('1') },
      { fromAddress: 'equal', toAddress: 'q', ...usd('1') },
      { fromAddress: 'zero', toAddress: 'r', ...usd('0') },
      { fromAddress: 'self', toAddress: 'self', ...usd('5') },
      { fromAddress: 'debt', toAddress: 's', ...usd('-3') },
    ])
    for (const [address, features] of Object.entries(all)) {
      const lacking = derivedFeatureNames.filter((name) => !(name in features) && !mayLack.has(name))
      expect([address, lacking]).toEqual([address, []])
    }
    expect(all['equal']).toMatchObject({
      amount_variance: 0,
      amount_skewness: 0,
      amount_kurtosis: 0,
      volume_cv: 0,
      amount_predictability: 1,
    })
    expect(all['zero']).toMatchObject({
      total_volume_usd: 0,
      reciprocity_ratio: 0,
      flow_concentration: 0,
      amount_predictability: 0,
    })
    expect(all['self']).toMatchObject({
      tx_total_count: 0,
      self_transfer_count: 1,
      degree_total: 0,
      activity_days: 1,
      counterparty_stability: 0,
    })
    expect(all['self']).not.toHaveProperty('max_tx_usd')
    expect(all['debt']).toMatchObject({ total_out_usd: 0, tx_out_count: 1 })
  })

  it('survives the largest amounts next to the smallest', async () => {
    const rows = Array.from({ length: 40 }, (_unused, number) => ({
      fromAddress: 'whale',
      toAddress: `w${number}`,
      ...usd(number % 2 === 0 ? '99999999999999999998.5' : '0.000001'),
    }))
    const { whale } = await derive(rows)
    expect(whale?.['total_out_usd']).toBe(2e21)
    expect(whale?.['min_tx_usd']).toBe(0.000001)
    expect(whale?.['amount_skewness']).toBeCloseTo(0, 9)
    expect(whale?.['amount_kurtosis']).toBeCloseTo(-2, 9)
    expect(whale?.['volume_std']).toBeCloseTo(0.5e20, -10)
  })

  it('keeps shares in their ranges on random-looking data', async () => {
    const all = await derive(
      Array.from({ length: 600 }, (_unused, number) => ({
        fromAddress: `n${(number * 7919) % 23}`,
        toAddress: `n${(number * 104_729) % 29}`,
        ...usd(`${(number * 31_337) % 20_000}.${number % 1000}`),
        blockTimestamp: new Date(Date.UTC(2025, 6, 2) + ((number * 2_654_435_761) % 2_592_000_000)),
      })),
    )
    const shares =
      /ratio$|score$|factor$|entropy$|diversity|concentration|stability|regularity|predictability|^is_/
    for (const features of Object.values(all)) {
      for (const [name, value] of Object.entries(features)) {
        if (shares.test(name)) expect([name, value >= 0 && value <= 1]).toEqual([name, true])
      }
      expect(Math.abs(features['flow_burstiness'] ?? 9)).toBeLessThanOrEqual(1)
      const hours = Object.entries(features).filter(([name]) => name.startsWith('hourly_activity_'))
      expect(hours.length).toBe(24)
      expect(hours.reduce((sum, [, value]) => sum + value, 0)).toBe(
        (features['tx_total_count'] ?? 0) + (features['self_transfer_count'] ?? 0),
      )
    }
  })

  it('gives the same bits with one thread and with many, in one part and in many, in any order', async () => {
    const hashes = new Set<string>()
    const rows = (key: SnapshotKey): Transfer[] =>
      Array.from({ length: 20_000 }, (_unused, number) =>
        buildTransfer(key, number, {
          fromAddress: `n${(number * 7919) % 501}`,
          toAddress: `n${(number * 104_729) % 499}`,
          amountUsd: decimal(
            `${(number * 31_337) % 20_011}.${String((number * 7919) % 1_000_003).padStart(7, '0')}`,
          ),
          blockTimestamp: new Date(Date.UTC(2025, 6, 2) + ((number * 2_654_435_761) % 2_592_000_000)),
        }),
      )
    for (const [threads, parts] of [
      [1, 1],
      [2, 1],
      [8, 7],
    ] as const) {
      const source = buildSnapshotKey()
      const all = rows(source)
      const ordered = parts === 1 ? all : all.toReversed()
      const size = Math.ceil(ordered.length / parts)
      for (let start = 0; start < ordered.length; start += size)
        await store.repositories.transfers.put({ rows: ordered.slice(start, start + size) })
      await using limited = await connectClickHouse({
        url: engine.url,
        database: store.connection.database,
        settings: { max_threads: threads },
      })
      const { features, snapshots } = createClickHouseRepositories(limited, {
        now: () => Date.UTC(2025, 7, 3),
        writerId: 8,
      })
      const target = buildSnapshotKey()
      await features.deriveFromTransfers({ source, target })
      hashes.add(await snapshots.hashInputs({ key: target }))
    }
    expect(hashes.size).toBe(1)
  })
})
