import type { SnapshotImportRepository } from '@subnetkit/core'

import type { RepositoryContext } from '../repositories/keyed-rows.ts'

/** Placeholder that the import work replaces. */
export function createClickHouseSnapshotImportRepository(
  _context: RepositoryContext,
): SnapshotImportRepository {
  return {
    importFile: async () => Promise.reject(new TypeError('importFile is being written')),
    sweep: async () => Promise.resolve({ removed: 0 }),
  }
}
