import { defineTable } from './table-spec.ts'

/**
 * The ledger of imports: one item for each shard of each source, with the tag of its content, what became of its rows,
 * and the lease of who imports it now.
 *
 * Query patterns
 * - one shard:               pk = `SOURCE#<name>`, sk = `SHARD#<key>`, consistent
 * - all shards of a source:  pk = `SOURCE#<name>`, descending: newest windows first, pages
 *
 * A source is one partition. It is written a few times per shard while an import runs, which is once in the life of a
 * subnet, whatever the number of miners or tasks.
 */
export const importShardsTable = defineTable({
  name: 'import_shards',
  partitionKey: { name: 'pk', type: 'S' },
  sortKey: { name: 'sk', type: 'S' },
  indexes: [],
  expiryAttribute: null,
})
