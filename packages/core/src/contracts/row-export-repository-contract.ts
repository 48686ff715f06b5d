import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { AlertRepository } from '../repositories/alert-repository.ts'
import {
  exportFormats,
  type ExportFormat,
  type RowExportRepository,
  type RowExportSelection,
} from '../repositories/row-export-repository.ts'
import type { SnapshotImportRepository } from '../repositories/snapshot-import-repository.ts'
import type { RepositoryContractOptions } from './keyed-rows-repository-contract.ts'
import { buildAlert, buildBatchKey, buildSnapshotKey, decimal } from './miner-row-builders.ts'
import { compareCodeUnits, nastyIds } from './nasty-values.ts'

/** Exports are proved by what an import of the same store makes of them. */
export interface RowExportContractStore {
  readonly rowExports: RowExportRepository
  readonly snapshotImports: SnapshotImportRepository
  readonly alerts: AlertRepository
}

const alertColumns = [
  'network',
  'processing_date',
  'window_days',
  'snapshot_id',
  'alert_id',
  'address',
  'typology_type',
  'pattern_id',
  'pattern_type',
  'severity',
  'suspected_address_type',
  'suspected_address_subtype',
  'alert_confidence_score',
  'description',
  'volume_usd',
  'evidence_json',
  'risk_indicators',
] as const

/** Everything that {@link RowExportRepository} and {@link SnapshotImportRepository} must hold together, on a real engine. */
export function rowExportRepositoryContract(
  options: RepositoryContractOptions<RowExportContractStore>,
): void {
  describe('row exports', () => {
    let store: RowExportContractStore
    beforeAll(async () => {
      store = await options.setup()
    })
    afterAll(async () => {
      await options.teardown?.()
    })
    const bytesOf = async (selection: RowExportSelection, format: ExportFormat): Promise<Buffer> => {
      const chunks: Uint8Array[] = []
      for await (const chunk of store.rowExports.exportRows({ selection, format })) chunks.push(chunk)
      return Buffer.concat(chunks)
    }

    it('writes column names and rows in natural order', async () => {
      const key = buildSnapshotKey()
      const ids = [...nastyIds].toSorted(compareCodeUnits)
      await store.alerts.put({ rows: ids.map((alertId) => buildAlert(key, 1, { alertId })).toReversed() })
      const csv = (await bytesOf({ target: 'alerts', key }, 'csv')).toString('utf8')
      expect(csv.slice(0, csv.indexOf('\n')).replaceAll('"', '').split(',')).toEqual(alertColumns)
      const lines = (await bytesOf({ target: 'alerts', key }, 'jsonl')).toString('utf8').trim().split('\n')
      const found = lines.map((line): unknown => JSON.parse(line))
      expect(found).toEqual(
        ids.map((alertId) =>
          expect.objectContaining({ alert_id: alertId, severity: 'medium', volume_usd: '1.345' }),
        ),
      )
      expect((await bytesOf({ target: 'alerts', key }, 'parquet')).subarray(0, 4).toString()).toBe('PAR1')
    })

    it('can export every target, with nothing in it', async () => {
      const key = buildSnapshotKey()
      const batchKey = buildBatchKey()
      for (const target of [
        'addressLabels',
        'alertClusters',
        'alerts',
        'features',
        'moneyFlows',
        'transfers',
      ] as const) {
        expect((await bytesOf({ target, key }, 'jsonl')).length).toBe(0)
        expect((await bytesOf({ target, key }, 'csv')).length).toBeGreaterThan(0)
      }
      for (const target of ['alertRankings', 'alertScores', 'clusterScores'] as const) {
        expect((await bytesOf({ target, key: batchKey }, 'jsonl')).length).toBe(0)
      }
    })

    for (const format of exportFormats) {
      it(`comes back the same when it is exported as ${format} and imported`, async () => {
        const key = buildSnapshotKey()
        const rows = nastyIds.map((alertId, index) =>
          buildAlert(key, index, {
            alertId,
            volumeUsd: decimal('99999999999999999999.000000000000000001'),
            riskIndicators: ['it"s', String.raw`b\c`, 'd,e'],
          }),
        )
        await store.alerts.put({ rows })
        const content = await bytesOf({ target: 'alerts', key }, format)
        const copy = buildSnapshotKey()
        async function* chunks(): AsyncGenerator<Uint8Array> {
          for (let start = 0; start < content.length; start += 777)
            yield await Promise.resolve(content.subarray(start, start + 777))
        }
        const imported = await store.snapshotImports.importFile({
          key: copy,
          target: 'alerts',
          fileName: `alerts.${format}`,
          format,
          sourceColumns: alertColumns,
          content: chunks(),
        })
        expect(imported).toEqual({ rows: rows.length, outsideWindow: 0 })
        const { items } = await store.alerts.list({ key: copy, limit: 100 })
        expect(items).toEqual(rows.map((row) => ({ ...row, snapshotId: copy.snapshotId })))
      })
    }

    it("rejects with the signal's own reason", async () => {
      const reason = new Error('stop')
      const exported = store.rowExports.exportRows(
        { selection: { target: 'alerts', key: buildSnapshotKey() }, format: 'csv' },
        { signal: AbortSignal.abort(reason) },
      )
      await expect(exported[Symbol.asyncIterator]().next()).rejects.toBe(reason)
    })
  })
}
