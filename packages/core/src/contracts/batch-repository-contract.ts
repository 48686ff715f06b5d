import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { Batch } from '../models/batch.ts'
import type { AlertRankingRepository } from '../repositories/alert-ranking-repository.ts'
import type { AlertScoreRepository } from '../repositories/alert-score-repository.ts'
import type { BatchRepository } from '../repositories/batch-repository.ts'
import type { ClusterScoreRepository } from '../repositories/cluster-score-repository.ts'
import type { RepositoryContractOptions } from './keyed-rows-repository-contract.ts'
import {
  buildAlertRanking,
  buildAlertScore,
  buildBatch,
  buildBatchKey,
  buildClusterScore,
  newContentId,
  utcDate,
} from './miner-row-builders.ts'
import { nastyCounts, nastyTexts } from './nasty-values.ts'

/** Batches are asked together with the results of the same store. */
export interface BatchContractStore {
  readonly batches: BatchRepository
  readonly alertScores: AlertScoreRepository
  readonly alertRankings: AlertRankingRepository
  readonly clusterScores: ClusterScoreRepository
}

let networks = 0

/** A network of a test's own. */
function newNetwork(): string {
  networks += 1
  return `batches_${networks}`
}

/** Everything that an implementation of {@link BatchRepository} must hold, on a real engine. */
export function batchRepositoryContract(options: RepositoryContractOptions<BatchContractStore>): void {
  describe('batches', () => {
    let store: BatchContractStore
    let batches: BatchRepository
    beforeAll(async () => {
      store = await options.setup()
      ;({ batches } = store)
    })
    afterAll(async () => {
      await options.teardown?.()
    })
    const keyOf = ({
      network,
      processingDate,
      windowDays,
      batchId,
    }: Batch): ReturnType<typeof buildBatchKey> => ({
      network,
      processingDate,
      windowDays,
      batchId,
    })

    it('gives an attempt back exactly, nasty values and null included', async () => {
      for (const [index, text] of nastyTexts.entries()) {
        const batch = buildBatch({
          errorMessage: text,
          resultsHash: index % 2 === 0 ? null : 'cd'.repeat(32),
          status: 'FAILED',
          latenciesMsTotal: nastyCounts[index % nastyCounts.length] ?? 0,
        })
        await batches.put({ batch })
        expect(await batches.findLastAttempt({ key: keyOf(batch) })).toEqual(batch)
      }
      expect(await batches.findLastAttempt({ key: buildBatchKey() })).toBeNull()
    })

    it('keeps the newest state of an attempt', async () => {
      const running = buildBatch({ status: 'PROCESSING', resultsHash: null })
      await batches.put({ batch: running })
      const done = { ...running, status: 'COMPLETED' as const, resultsHash: 'ef'.repeat(32) }
      await batches.put({ batch: done })
      expect(await batches.findLastAttempt({ key: keyOf(running) })).toEqual(done)
    })

    it('never lets a running or failed attempt hide a completed one', async () => {
      const network = newNetwork()
      const first = buildBatch({ network })
      const failed = {
        ...first,
        attempt: 2,
        status: 'FAILED' as const,
        processedAt: new Date('2025-08-02T00:00:00Z'),
      }
      const running = { ...failed, attempt: 3, status: 'PROCESSING' as const }
      for (const batch of [first, failed, running]) await batches.put({ batch })
      expect(await batches.findLastAttempt({ key: keyOf(first) })).toEqual(running)
      expect(await batches.findCompleted({ key: keyOf(first) })).toEqual(first)
      expect(await batches.findLatestCompleted({ network })).toEqual(first)
      const second = buildBatch({
        network,
        batchId: newContentId(),
        processedAt: new Date('2025-08-01T02:00:00.001Z'),
      })
      await batches.put({ batch: second })
      expect(await batches.findCompleted({ key: keyOf(first) })).toEqual(second)
    })

    it('finds the latest date, the smallest window among equals; null when nothing is complete', async () => {
      const network = newNetwork()
      expect(await batches.findLatestCompleted({ network })).toBeNull()
      const at = (date: string, windowDays: number, change: Partial<Batch> = {}): Batch =>
        buildBatch({ network, processingDate: utcDate(date), windowDays, ...change })
      const expected = at('2025-08-03', 7)
      const all = [
        at('2025-08-01', 7),
        at('2025-08-03', 30),
        expected,
        at('2025-08-04', 7, { status: 'FAILED' }),
        at('2025-08-02', 30),
      ]
      for (const batch of all) await batches.put({ batch })
      expect(await batches.findLatestCompleted({ network })).toEqual(expected)
      expect(await batches.findLatestCompleted({ network, windowDays: 30 })).toEqual(all[1])
      expect(await batches.findLatestCompleted({ network, windowDays: 90 })).toBeNull()
      expect(await batches.listAvailableDates({ network })).toEqual([
        '2025-08-03',
        '2025-08-02',
        '2025-08-01',
      ])
      expect(await batches.listAvailableDates({ network, windowDays: 7 })).toEqual([
        '2025-08-03',
        '2025-08-01',
      ])
      expect(await batches.listAvailableDates({ network: newNetwork() })).toEqual([])
    })

    it('lists attempts: date down, window up, newest first; in pages of any size', async () => {
      const network = newNetwork()
      const at = (date: string, windowDays: number, hour: number, attempt: number): Batch =>
        buildBatch({
          network,
          processingDate: utcDate(date),
          windowDays,
          attempt,
          processedAt: new Date(Date.UTC(2025, 7, 5, hour, 0, 0, 1)),
        })
      const expected = [
        at('2025-08-02', 7, 1, 1),
        at('2025-08-02', 30, 1, 1),
        at('2025-08-01', 7, 3, 1),
        at('2025-08-01', 7, 2, 2),
        at('2025-08-01', 7, 2, 1),
      ]
      for (const batch of expected.toReversed()) await batches.put({ batch })
      for (const limit of [1, 2, 5, 100]) {
        const found: Batch[] = []
        let cursor: string | null = null
        do {
          const page: Awaited<ReturnType<typeof batches.list>> = await batches.list({
            network,
            limit,
            cursor,
          })
          found.push(...page.items)
          cursor = page.nextCursor
        } while (cursor !== null && found.length < 10)
        expect(found).toEqual(expected)
      }
      expect((await batches.list({ network, windowDays: 30, limit: 10 })).items).toEqual([expected[1]])
    })

    it('removes a batch with its results, and no other', async () => {
      const kept = buildBatch()
      const gone = buildBatch()
      for (const batch of [kept, gone]) {
        const key = keyOf(batch)
        await batches.put({ batch })
        await store.alertScores.put({ rows: [buildAlertScore(key)] })
        await store.alertRankings.put({ rows: [buildAlertRanking(key)] })
        await store.clusterScores.put({ rows: [buildClusterScore(key)] })
      }
      await batches.remove({ key: keyOf(gone) })
      await batches.remove({ key: keyOf(gone) })
      for (const [batch, count] of [
        [kept, 1],
        [gone, 0],
      ] as const) {
        const key = keyOf(batch)
        expect(await batches.findLastAttempt({ key })).toEqual(count === 1 ? batch : null)
        expect(await store.alertScores.count({ key })).toBe(count)
        expect(await store.alertRankings.count({ key })).toBe(count)
        expect(await store.clusterScores.count({ key })).toBe(count)
      }
    })

    it("rejects with the signal's own reason", async () => {
      const reason = new Error('stop')
      const signal = AbortSignal.abort(reason)
      const batch = buildBatch()
      await expect(batches.put({ batch }, { signal })).rejects.toBe(reason)
      await expect(batches.findCompleted({ key: keyOf(batch) }, { signal })).rejects.toBe(reason)
      expect(await batches.findLastAttempt({ key: keyOf(batch) })).toBeNull()
    })
  })
}
