import type { ImportResult, SnapshotImportRepository } from '@subnetkit/core'

import type { RepositoryContext } from '../repositories/keyed-rows.ts'
import { importFeatures } from './import-features.ts'
import type { ImportJob } from './import-job.ts'
import { importRows } from './import-rows.ts'
import { dropStaging, stagingName, sweepStaging } from './staging-table.ts'

/**
 * Files into snapshots: the bytes go to the engine as text columns of a staging table of the import's own, generated
 * queries check every row there, and one INSERT SELECT per kind of row stores them. The staging table is dropped
 * whatever happens; what a killed process leaves is swept.
 */
export function createClickHouseSnapshotImportRepository({
  connection,
  version,
}: RepositoryContext): SnapshotImportRepository {
  return {
    async importFile(params, options): Promise<ImportResult> {
      options?.signal?.throwIfAborted()
      const next = version.next()
      const table = stagingName(next)
      const job: ImportJob = {
        connection,
        table,
        version: next,
        params,
        ...(options?.signal === undefined ? {} : { signal: options.signal }),
      }
      let result: ImportResult
      try {
        result =
          params.target === 'features' ? await importFeatures(job) : await importRows(job, params.target)
      } catch (error) {
        // What went wrong is what must be told: a table that stays behind is swept later.
        await dropStaging(connection, table).catch(() => undefined)
        throw error
      }
      await dropStaging(connection, table)
      return result
    },
    sweep: async (params, options) => ({ removed: await sweepStaging(connection, params, options?.signal) }),
  }
}
