import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { isInputError } from '../errors/input-error.ts'
import type { SnapshotKey } from '../models/day-key.ts'
import type { AlertRepository } from '../repositories/alert-repository.ts'
import type { FeatureRepository } from '../repositories/feature-repository.ts'
import type {
  ImportResult,
  ImportTarget,
  SnapshotImportRepository,
} from '../repositories/snapshot-import-repository.ts'
import type { TransferRepository } from '../repositories/transfer-repository.ts'
import type { RepositoryContractOptions } from './keyed-rows-repository-contract.ts'
import { buildSnapshotKey } from './miner-row-builders.ts'

/** Imports are proved by what the repositories of the same store then see. */
export interface SnapshotImportContractStore {
  readonly snapshotImports: SnapshotImportRepository
  readonly alerts: AlertRepository
  readonly features: FeatureRepository
  readonly transfers: TransferRepository
}

async function* bytes(text: string): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < text.length; start += 1_000_000) {
    yield await Promise.resolve(Buffer.from(text.slice(start, start + 1_000_000)))
  }
}

/** Everything that an implementation of {@link SnapshotImportRepository} must hold, on a real engine. */
export function snapshotImportRepositoryContract(
  options: RepositoryContractOptions<SnapshotImportContractStore>,
): void {
  describe('snapshot imports', () => {
    let store: SnapshotImportContractStore
    beforeAll(async () => {
      store = await options.setup()
    })
    afterAll(async () => {
      await options.teardown?.()
    })
    const importCsv = async (target: ImportTarget, key: SnapshotKey, csv: string): Promise<ImportResult> =>
      store.snapshotImports.importFile({
        key,
        target,
        fileName: `${target}.csv`,
        format: 'csv',
        sourceColumns: csv.slice(0, csv.indexOf('\n')).split(','),
        content: bytes(csv),
        ...(target === 'transfers' ? { transfers: { timestampUnit: 'iso', amounts: 'keep' } } : {}),
      })
    const header = 'alert_id,address,typology_type,alert_confidence_score,severity\n'

    it('stores a file, and replaces what an earlier import of the same target left', async () => {
      const key = buildSnapshotKey()
      expect(await importCsv('alerts', key, `${header}a,x,T,0.5,HIGH\nb,x,T,1,low\n`)).toEqual({
        rows: 2,
        outsideWindow: 0,
      })
      expect(await importCsv('features', key, 'address,degree_in,flag\nx,1,true\ny,,false\n')).toEqual({
        rows: 2,
        outsideWindow: 0,
      })
      expect(await importCsv('alerts', key, `${header}c,x,T,0.5,\n`)).toEqual({ rows: 1, outsideWindow: 0 })
      const { items } = await store.alerts.list({ key, limit: 10 })
      expect(items.map(({ alertId, severity }) => [alertId, severity])).toEqual([['c', 'medium']])
      const columns = await store.features.readColumns({ key, featureNames: ['degree_in', 'flag'] })
      expect(columns).toEqual({
        addresses: ['x', 'y'],
        values: { degree_in: Float64Array.of(1, Number.NaN), flag: Float64Array.of(1, 0) },
      })
    })

    it('leaves transfers outside the window out, and counts them', async () => {
      const key = buildSnapshotKey()
      const csv = `from_address,to_address,block_timestamp,amount_usd
a,b,2025-07-31T23:59:59.999Z,1
a,b,2025-08-01T00:00:00.000Z,1
a,b,2025-07-02T00:00:00.000Z,1
`
      expect(await importCsv('transfers', key, csv)).toEqual({ rows: 2, outsideWindow: 1 })
      expect(await store.transfers.count({ key })).toBe(2)
    })

    it('stores nothing of a file with one bad row among 20,000, and names the row', async () => {
      const key = buildSnapshotKey()
      const lines = Array.from(
        { length: 20_000 },
        (_unused, number) => `a${number},x,T,${number === 17_654 ? 'NaN' : '0.5'},low\n`,
      )
      const refused: unknown = await importCsv('alerts', key, header + lines.join('')).catch(
        (error: unknown) => error,
      )
      expect(isInputError(refused)).toBe(true)
      expect(String(refused)).toMatch(/17655.*alert_confidence_score.*NaN/)
      expect(await store.alerts.count({ key })).toBe(0)
    })

    it('runs imports side by side', async () => {
      const keys = [0, 1, 2, 3].map(() => buildSnapshotKey())
      await Promise.all(
        keys.map(async (key, index) => importCsv('alerts', key, `${header}only-${index},x,T,0.5,low\n`)),
      )
      for (const [index, key] of keys.entries()) {
        expect((await store.alerts.list({ key, limit: 10 })).items.map(({ alertId }) => alertId)).toEqual([
          `only-${index}`,
        ])
      }
    })
  })
}
