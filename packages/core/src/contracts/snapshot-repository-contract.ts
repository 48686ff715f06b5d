import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { SnapshotKey } from '../models/day-key.ts'
import type { Snapshot } from '../models/snapshot.ts'
import type { AddressLabelRepository } from '../repositories/address-label-repository.ts'
import type { AlertClusterRepository } from '../repositories/alert-cluster-repository.ts'
import type { AlertRepository } from '../repositories/alert-repository.ts'
import type { FeatureRepository } from '../repositories/feature-repository.ts'
import type { MoneyFlowRepository } from '../repositories/money-flow-repository.ts'
import type { SnapshotRepository } from '../repositories/snapshot-repository.ts'
import type { TransferRepository } from '../repositories/transfer-repository.ts'
import type { RepositoryContractOptions } from './keyed-rows-repository-contract.ts'
import {
  buildAddressLabel,
  buildAlert,
  buildAlertCluster,
  buildFeature,
  buildMoneyFlow,
  buildSnapshot,
  buildSnapshotKey,
  buildTransfer,
  decimal,
  newContentId,
  utcDate,
} from './miner-row-builders.ts'
import { nastyCounts, nastyTexts } from './nasty-values.ts'

/** Snapshots are asked together with all inputs of the same store. */
export interface SnapshotContractStore {
  readonly snapshots: SnapshotRepository
  readonly addressLabels: AddressLabelRepository
  readonly alertClusters: AlertClusterRepository
  readonly alerts: AlertRepository
  readonly features: FeatureRepository
  readonly moneyFlows: MoneyFlowRepository
  readonly transfers: TransferRepository
}

let networks = 0

function newNetwork(): string {
  networks += 1
  return `snapshots_${networks}`
}

/** Everything that an implementation of {@link SnapshotRepository} must hold, on a real engine. */
export function snapshotRepositoryContract(options: RepositoryContractOptions<SnapshotContractStore>): void {
  describe('snapshots', () => {
    let store: SnapshotContractStore
    let snapshots: SnapshotRepository
    beforeAll(async () => {
      store = await options.setup()
      ;({ snapshots } = store)
    })
    afterAll(async () => {
      await options.teardown?.()
    })
    const keyOf = ({ network, processingDate, windowDays, snapshotId }: Snapshot): SnapshotKey => ({
      network,
      processingDate,
      windowDays,
      snapshotId,
    })
    const fill = async (key: SnapshotKey, numbers: readonly number[]): Promise<void> => {
      await store.alerts.put({ rows: numbers.map((number) => buildAlert(key, number)) })
      await store.features.put({ rows: numbers.map((number) => buildFeature(key, number)) })
      await store.alertClusters.put({ rows: numbers.map((number) => buildAlertCluster(key, number)) })
      await store.moneyFlows.put({ rows: numbers.map((number) => buildMoneyFlow(key, number)) })
      await store.addressLabels.put({ rows: numbers.map((number) => buildAddressLabel(key, number)) })
      await store.transfers.put({ rows: numbers.map((number) => buildTransfer(key, number)) })
    }

    it('gives a snapshot back exactly, and the newest state of it', async () => {
      for (const [index, text] of nastyTexts.entries()) {
        const loading = buildSnapshot({
          status: 'LOADING',
          inputsHash: null,
          source: text,
          errorMessage: text,
          countTransfers: nastyCounts[index % nastyCounts.length] ?? 0,
        })
        await snapshots.put({ snapshot: loading })
        expect(await snapshots.find({ key: keyOf(loading) })).toEqual(loading)
        const ready = {
          ...loading,
          status: 'READY' as const,
          inputsHash: 'cd'.repeat(32),
          sourceSnapshotId: newContentId(),
        }
        await snapshots.put({ snapshot: ready })
        expect(await snapshots.find({ key: keyOf(loading) })).toEqual(ready)
      }
      expect(await snapshots.find({ key: buildSnapshotKey() })).toBeNull()
    })

    it('finds the snapshot that became READY last, of the wanted kinds', async () => {
      const network = newNetwork()
      const at = (minute: number, change: Partial<Snapshot>): Snapshot =>
        buildSnapshot({ network, updatedAt: new Date(Date.UTC(2025, 7, 1, 0, minute)), ...change })
      const published = at(1, {})
      const detected = at(2, { kind: 'detected', sourceSnapshotId: newContentId() })
      const rest = [
        at(3, { status: 'LOADING' }),
        at(4, { status: 'FAILED' }),
        at(5, { windowDays: 7 }),
        at(6, { processingDate: utcDate('2025-08-02') }),
      ]
      for (const snapshot of [detected, published, ...rest]) await snapshots.put({ snapshot })
      const key = keyOf(published)
      expect(await snapshots.findReady({ key })).toEqual(detected)
      expect(await snapshots.findReady({ key, kinds: ['published'] })).toEqual(published)
      expect(await snapshots.findReady({ key, kinds: ['published', 'detected'] })).toEqual(detected)
      expect(await snapshots.findReady({ key, kinds: ['transfers'] })).toBeNull()
      expect(await snapshots.findReady({ key, kinds: [] })).toBeNull()
      await snapshots.put({ snapshot: { ...detected, status: 'FAILED' } })
      expect(await snapshots.findReady({ key })).toEqual(published)
    })

    it('lists snapshots of a network: date down, window up, last change first', async () => {
      const network = newNetwork()
      const at = (date: string, windowDays: number, minute: number): Snapshot =>
        buildSnapshot({
          network,
          processingDate: utcDate(date),
          windowDays,
          updatedAt: new Date(Date.UTC(2025, 7, 5, 0, minute, 0, 1)),
        })
      const expected = [
        at('2025-08-02', 30, 1),
        at('2025-08-01', 7, 2),
        at('2025-08-01', 7, 1),
        at('2025-08-01', 30, 9),
      ]
      for (const snapshot of expected.toReversed()) await snapshots.put({ snapshot })
      for (const limit of [1, 3, 4, 100]) {
        const found: Snapshot[] = []
        let cursor: string | null = null
        do {
          const page: Awaited<ReturnType<typeof snapshots.list>> = await snapshots.list({
            network,
            limit,
            cursor,
          })
          found.push(...page.items)
          cursor = page.nextCursor
        } while (cursor !== null && found.length < 10)
        expect(found).toEqual(expected)
      }
    })

    it('hashes content, not order, version or snapshot id', async () => {
      const [first, second] = [buildSnapshotKey(), buildSnapshotKey()]
      await fill(first, [0, 1, 2, 3, 4])
      await fill(second, [4, 2])
      await fill(second, [3, 1, 0, 2])
      const hash = await snapshots.hashInputs({ key: first })
      expect(hash).toMatch(/^[0-9a-f]{64}$/)
      expect(await snapshots.hashInputs({ key: second })).toBe(hash)
      expect(await snapshots.hashInputs({ key: first })).toBe(hash)
    })

    it('has another hash for any other content, table, day or window', async () => {
      const key = buildSnapshotKey()
      await fill(key, [0, 1])
      const seen = new Set([
        await snapshots.hashInputs({ key }),
        await snapshots.hashInputs({ key: buildSnapshotKey() }),
      ])
      const changes = [
        async () =>
          store.alerts.put({
            rows: [buildAlert(key, 0, { riskIndicators: ['small_transactions,', 'below_threshold'] })],
          }),
        async () =>
          store.alerts.put({
            rows: [buildAlert(key, 0, { riskIndicators: ['small_transactions', ',below_threshold'] })],
          }),
        async () => store.alerts.put({ rows: [buildAlert(key, 0, { patternId: 'x', patternType: '' })] }),
        async () => store.alerts.put({ rows: [buildAlert(key, 0, { patternId: '', patternType: 'x' })] }),
        async () => store.features.put({ rows: [buildFeature(key, 0, { featureValue: 0.1 + 2 ** -56 })] }),
        async () => store.alertClusters.put({ rows: [buildAlertCluster(key, 0, { severityMax: 'low' })] }),
        async () =>
          store.moneyFlows.put({
            rows: [buildMoneyFlow(key, 0, { amountUsdSum: decimal('0.000000000000000001') })],
          }),
        async () => store.moneyFlows.put({ rows: [buildMoneyFlow(key, 0, { lastSeen: new Date(1) })] }),
        async () => store.addressLabels.put({ rows: [buildAddressLabel(key, 9)] }),
        async () =>
          store.transfers.put({ rows: [buildTransfer(key, 0, { amount: decimal('0.000000000000000001') })] }),
        async () => store.transfers.remove({ key }),
      ]
      for (const change of changes) {
        await change()
        const hash = await snapshots.hashInputs({ key })
        expect(seen).not.toContain(hash)
        seen.add(hash)
      }
      for (const change of [
        { network: 'bittensor' },
        { windowDays: 7 },
        { processingDate: utcDate('2025-08-02') },
      ]) {
        seen.add(await snapshots.hashInputs({ key: buildSnapshotKey(change) }))
      }
      expect(seen.size).toBe(2 + changes.length + 3)
    })

    it('removes a snapshot with every row under it, and no other', async () => {
      const [kept, gone] = [buildSnapshot(), buildSnapshot()]
      for (const snapshot of [kept, gone]) {
        await snapshots.put({ snapshot })
        await fill(keyOf(snapshot), [0, 1])
      }
      const hash = await snapshots.hashInputs({ key: keyOf(kept) })
      await snapshots.remove({ key: keyOf(gone) })
      await snapshots.remove({ key: keyOf(gone) })
      const key = keyOf(gone)
      expect(await snapshots.find({ key })).toBeNull()
      const { addressLabels, alertClusters, alerts, features, moneyFlows, transfers } = store
      for (const repository of [addressLabels, alertClusters, alerts, features, moneyFlows, transfers]) {
        expect(await repository.count({ key })).toBe(0)
      }
      expect(await snapshots.find({ key: keyOf(kept) })).toEqual(kept)
      expect(await snapshots.hashInputs({ key: keyOf(kept) })).toBe(hash)
    })

    it("rejects with the signal's own reason", async () => {
      const reason = new Error('stop')
      const signal = AbortSignal.abort(reason)
      const snapshot = buildSnapshot()
      await expect(snapshots.put({ snapshot }, { signal })).rejects.toBe(reason)
      await expect(snapshots.hashInputs({ key: keyOf(snapshot) }, { signal })).rejects.toBe(reason)
      expect(await snapshots.find({ key: keyOf(snapshot) })).toBeNull()
    })
  })
}
