import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { isStorageError } from '../errors/storage-error.ts'
import type { Alert } from '../models/alert.ts'
import type { SnapshotKey } from '../models/day-key.ts'
import type { AlertRepository } from '../repositories/alert-repository.ts'
import {
  keyedRowsRepositoryContract,
  type KeyedRowsFixtures,
  type RepositoryContractOptions,
} from './keyed-rows-repository-contract.ts'
import { buildAlert, buildSnapshotKey, decimal, sortableId } from './miner-row-builders.ts'
import { compareCodeUnits, nastyDecimals, nastyIds, nastyTexts } from './nasty-values.ts'

function nastyAlerts(key: SnapshotKey): readonly Alert[] {
  const byText = nastyTexts.map((text, index) =>
    buildAlert(key, index, { description: text, evidenceJson: text, riskIndicators: [text, '', text] }),
  )
  const byDecimal = nastyDecimals.map((text, index) =>
    buildAlert(key, index, { alertId: sortableId('decimal-', index), volumeUsd: decimal(text) }),
  )
  const byId = nastyIds.map((alertId, index) =>
    buildAlert(key, index, {
      alertId,
      patternId: alertId,
      riskIndicators: [],
      severity: (['low', 'medium', 'high', 'critical'] as const)[index % 4] ?? 'low',
      alertConfidenceScore: index / nastyIds.length,
    }),
  )
  const largest = buildAlert(key, 0, {
    alertId: 'largest',
    volumeUsd: decimal(`-${'9'.repeat(58)}.${'9'.repeat(18)}`),
    evidenceJson: 'é'.repeat(1_000_000),
    riskIndicators: Array.from({ length: 256 }, (_unused, index) => `indicator ${index}`),
  })
  return [...byText, ...byDecimal, ...byId, largest].toSorted((a, b) =>
    compareCodeUnits(a.alertId, b.alertId),
  )
}

const fixtures: KeyedRowsFixtures<Alert, SnapshotKey> = {
  name: 'alerts',
  newKey: buildSnapshotKey,
  build: buildAlert,
  change: (alert) => ({ ...alert, severity: 'critical', riskIndicators: [] }),
  nasty: nastyAlerts,
}

/** Everything that an implementation of {@link AlertRepository} must hold, on a real engine. */
export function alertRepositoryContract(options: RepositoryContractOptions<AlertRepository>): void {
  keyedRowsRepositoryContract(fixtures, options)
  describe('alerts: questions of their own', () => {
    let repository: AlertRepository
    beforeAll(async () => {
      repository = await options.setup()
    })
    afterAll(async () => {
      await options.teardown?.()
    })

    it('finds one alert by its id, and null for another', async () => {
      const key = buildSnapshotKey()
      const alerts = nastyIds.map((alertId) => buildAlert(key, 0, { alertId }))
      await repository.put({ rows: alerts })
      for (const alert of alerts)
        expect(await repository.find({ key, alertId: alert.alertId })).toEqual(alert)
      expect(await repository.find({ key, alertId: 'nobody' })).toBeNull()
      expect(await repository.find({ key: buildSnapshotKey(), alertId: 'a' })).toBeNull()
    })

    it('lists alerts by ids in natural order, each once, unknown ids left out', async () => {
      const key = buildSnapshotKey()
      await repository.put({ rows: [0, 1, 2, 3].map((number) => buildAlert(key, number)) })
      const alertIds = [3, 1, 1, 9].map((number) => sortableId('alert-', number))
      expect(await repository.listByIds({ key, alertIds })).toEqual([buildAlert(key, 1), buildAlert(key, 3)])
      expect(await repository.listByIds({ key, alertIds: [] })).toEqual([])
    })

    it('takes 10,000 ids and refuses more', async () => {
      const key = buildSnapshotKey()
      await repository.put({ rows: [buildAlert(key, 9_999)] })
      const alertIds = Array.from({ length: 10_001 }, (_unused, number) => sortableId('alert-', number))
      expect(await repository.listByIds({ key, alertIds: alertIds.slice(0, 10_000) })).toEqual([
        buildAlert(key, 9_999),
      ])
      const refused: unknown = await repository.listByIds({ key, alertIds }).catch((error: unknown) => error)
      expect(isStorageError(refused, 'invalid_input')).toBe(true)
    })

    it('refuses a volume that its store cannot keep exactly', async () => {
      const key = buildSnapshotKey()
      const rows = [buildAlert(key, 0, { volumeUsd: decimal('0.1234567890123456789') })]
      const refused: unknown = await repository.put({ rows }).catch((error: unknown) => error)
      expect(isStorageError(refused, 'invalid_input')).toBe(true)
      expect(String(refused)).toContain('volumeUsd')
    })
  })
}
