import { defineTable } from './table-spec.ts'

/**
 * One item for each scored block, for thirty days, and the pointer to the latest one, which stays.
 *
 * Query patterns
 * - the snapshot of a block:   pk = `SNAPSHOT`, sk = `BLOCK#<12 digits>`, consistent
 * - snapshots, newest first:   pk = `SNAPSHOT`, descending, pages
 * - the latest snapshot:       pk = `POINTER`, sk = `LATEST`, consistent; then the snapshot that it names
 *
 * `SNAPSHOT` is a constant partition key. It is written once for each scored block, one in half an hour, whatever the
 * number of miners and tasks.
 */
export const scoreSnapshotsTable = defineTable({
  name: 'score_snapshots',
  partitionKey: { name: 'pk', type: 'S' },
  sortKey: { name: 'sk', type: 'S' },
  indexes: [],
  expiryAttribute: 'ttl',
})
