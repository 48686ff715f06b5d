import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { isStorageError } from '../errors/storage-error.ts'
import type { AlertScore } from '../models/alert-score.ts'
import type { BatchKey } from '../models/day-key.ts'
import type { AlertScoreRepository } from '../repositories/alert-score-repository.ts'
import {
  keyedRowsRepositoryContract,
  type RepositoryContractOptions,
} from './keyed-rows-repository-contract.ts'
import { buildAlertScore, buildBatchKey } from './miner-row-builders.ts'
import { nastyIds, nastyTexts } from './nasty-values.ts'

function nastyScores(key: BatchKey): readonly AlertScore[] {
  const tied = nastyIds.map((alertId, index) =>
    buildAlertScore(key, index, {
      alertId,
      score: 0.123456789,
      explainJson: nastyTexts[index] ?? '',
      latencyMs: 1 / 3,
    }),
  )
  return [
    buildAlertScore(key, 0, { alertId: 'one', score: 1, latencyMs: 0 }),
    buildAlertScore(key, 0, { alertId: 'below one', score: 0.999999999 }),
    ...tied,
    buildAlertScore(key, 0, { alertId: 'smallest', score: 1e-9 }),
    buildAlertScore(key, 0, { alertId: 'zero', score: 0, latencyMs: Number.MAX_VALUE }),
  ]
}

/** Everything that an implementation of {@link AlertScoreRepository} must hold, on a real engine. */
export function alertScoreRepositoryContract(options: RepositoryContractOptions<AlertScoreRepository>): void {
  keyedRowsRepositoryContract<AlertScore, BatchKey>(
    {
      name: 'alert scores',
      newKey: buildBatchKey,
      build: buildAlertScore,
      change: (score) => ({ ...score, modelVersion: 'model-2', explainJson: '' }),
      nasty: nastyScores,
    },
    options,
  )
  describe('alert scores: questions of their own', () => {
    let repository: AlertScoreRepository
    beforeAll(async () => {
      repository = await options.setup()
    })
    afterAll(async () => {
      await options.teardown?.()
    })

    it('moves an alert in the order when its score changes, without leaving the old row behind', async () => {
      const key = buildBatchKey()
      await repository.put({ rows: [0, 4].map((number) => buildAlertScore(key, number)) })
      const risen = buildAlertScore(key, 4, { score: 1 })
      const fallen = buildAlertScore(key, 0, { score: 0.25 })
      await repository.put({ rows: [risen, fallen] })
      expect((await repository.list({ key, limit: 10 })).items).toEqual([risen, fallen])
    })

    it('finds the score of one alert, and null for another', async () => {
      const key = buildBatchKey()
      await repository.put({ rows: [buildAlertScore(key, 3)] })
      expect(await repository.find({ key, alertId: 'alert-000003' })).toEqual(buildAlertScore(key, 3))
      expect(await repository.find({ key, alertId: 'alert-000004' })).toBeNull()
    })

    it('counts scores by bin: closed below, open above, the last closed', async () => {
      const key = buildBatchKey()
      const scores = [0, 0.1, 0.29, 0.299999999, 0.3, 0.57, 0.7, 0.999999999, 1]
      await repository.put({ rows: scores.map((score, index) => buildAlertScore(key, index, { score })) })
      expect(await repository.countByBin({ key, bins: 10 })).toEqual([1, 1, 2, 1, 0, 1, 0, 1, 0, 2])
      const hundred = await repository.countByBin({ key, bins: 100 })
      for (const score of scores.slice(0, -2))
        expect(hundred[Math.floor(Math.round(score * 1e9) / 1e7)]).toBeGreaterThan(0)
      expect(await repository.countByBin({ key, bins: 1 })).toEqual([9])
      expect(await repository.countByBin({ key: buildBatchKey(), bins: 3 })).toEqual([0, 0, 0])
    })

    it('refuses bins that make no sense', async () => {
      for (const bins of [0, -1, 1.5, 10_001]) {
        const refused: unknown = await repository
          .countByBin({ key: buildBatchKey(), bins })
          .catch((error: unknown) => error)
        expect(isStorageError(refused, 'invalid_input')).toBe(true)
      }
    })
  })
}
