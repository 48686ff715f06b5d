import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { SnapshotKey } from '../models/day-key.ts'
import type { Feature } from '../models/feature.ts'
import type { AlertRepository } from '../repositories/alert-repository.ts'
import type { FeatureRepository } from '../repositories/feature-repository.ts'
import type { TransferRepository } from '../repositories/transfer-repository.ts'
import {
  keyedRowsRepositoryContract,
  type RepositoryContractOptions,
} from './keyed-rows-repository-contract.ts'
import {
  buildAlert,
  buildFeature,
  buildSnapshotKey,
  buildTransfer,
  sortableId,
} from './miner-row-builders.ts'
import { nastyFloats, nastyTexts } from './nasty-values.ts'

/** Features are asked together with the alerts and transfers of the same store. */
export interface FeatureContractStore {
  readonly features: FeatureRepository
  readonly alerts: AlertRepository
  readonly transfers: TransferRepository
}

function nastyFeatures(key: SnapshotKey): readonly Feature[] {
  const byFloat = nastyFloats.map((featureValue, index) =>
    buildFeature(key, 0, { featureName: sortableId('float_', index), featureValue }),
  )
  const byText = nastyTexts.map((featureMetadata, index) =>
    buildFeature(key, 0, { featureName: sortableId('text_', index), featureValue: 0, featureMetadata }),
  )
  return [...byFloat, ...byText]
}

/** Everything that an implementation of {@link FeatureRepository} must hold, on a real engine. */
export function featureRepositoryContract(options: RepositoryContractOptions<FeatureContractStore>): void {
  keyedRowsRepositoryContract<Feature, SnapshotKey>(
    {
      name: 'features',
      newKey: buildSnapshotKey,
      build: buildFeature,
      change: (feature) => ({ ...feature, featureValue: -7, featureMetadata: 'changed' }),
      nasty: nastyFeatures,
    },
    { ...options, setup: async () => (await options.setup()).features },
  )
  describe('features: questions of their own', () => {
    let store: FeatureContractStore
    beforeAll(async () => {
      store = await options.setup()
    })
    afterAll(async () => {
      await options.teardown?.()
    })

    it('reads columns: addresses sorted, NaN where a feature is missing, all addresses or those with alerts', async () => {
      const key = buildSnapshotKey()
      const feature = (address: string, featureName: string, featureValue: number): Feature =>
        buildFeature(key, 0, { address, featureName, featureValue })
      await store.features.put({
        rows: [
          feature('b', 'x', 1 / 3),
          feature('a', 'y', -0),
          feature('a', 'x', 1e300),
          feature('C', 'z', 5),
          feature('b', 'y', 5e-324),
        ],
      })
      await store.alerts.put({
        rows: [
          buildAlert(key, 0, { address: 'b' }),
          buildAlert(key, 1, { address: 'no features'.replace(' ', '-') }),
        ],
      })
      const all = await store.features.readColumns({ key, featureNames: ['x', 'y', 'unknown'] })
      expect(all.addresses).toEqual(['C', 'a', 'b'])
      expect(all.values).toEqual({
        x: Float64Array.of(Number.NaN, 1e300, 1 / 3),
        y: Float64Array.of(Number.NaN, -0, 5e-324),
        unknown: Float64Array.of(Number.NaN, Number.NaN, Number.NaN),
      })
      const ofAlerts = await store.features.readColumns({ key, featureNames: ['x'], of: 'alerts' })
      expect(ofAlerts).toEqual({ addresses: ['b'], values: { x: Float64Array.of(1 / 3) } })
      const none = await store.features.readColumns({ key: buildSnapshotKey(), featureNames: ['x'] })
      expect(none).toEqual({ addresses: [], values: { x: new Float64Array() } })
    })

    it('derives the same features from the same transfers, whatever their order; nothing from nothing', async () => {
      const [first, second] = [buildSnapshotKey(), buildSnapshotKey()]
      const [firstTarget, secondTarget] = [buildSnapshotKey(), buildSnapshotKey()]
      const numbers = Array.from({ length: 500 }, (_unused, number) => number)
      await store.transfers.put({ rows: numbers.map((number) => buildTransfer(first, number)) })
      for (const part of [numbers.slice(250).toReversed(), numbers.slice(0, 250)]) {
        await store.transfers.put({ rows: part.map((number) => buildTransfer(second, number)) })
      }
      const stored = await store.features.deriveFromTransfers({ source: first, target: firstTarget })
      expect(stored.rows).toBe(await store.features.count({ key: firstTarget }))
      expect(stored.rows).toBeGreaterThan(12)
      await store.features.deriveFromTransfers({ source: second, target: secondTarget })
      const read = async (key: SnapshotKey): Promise<unknown[]> => {
        const rows: unknown[] = []
        for await (const { snapshotId: _unused, ...row } of store.features.stream({ key })) rows.push(row)
        return rows
      }
      expect(await read(secondTarget)).toEqual(await read(firstTarget))
      const nothing = await store.features.deriveFromTransfers({
        source: buildSnapshotKey(),
        target: buildSnapshotKey(),
      })
      expect(nothing).toEqual({ rows: 0 })
    })
  })
}
