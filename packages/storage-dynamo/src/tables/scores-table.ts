import { defineTable } from './table-spec.ts'

/**
 * One item for each miner and snapshot, for thirty days.
 *
 * Query patterns
 * - scores of a snapshot in the order of hotkeys: pk = `BLOCK#<12 digits>#SNAPSHOT#<id>`, ascending, pages
 * - scores of a miner, newest block first:        index `by-miner`, minerHotkey, descending by blockNumber, pages;
 *                                                 then the snapshots of those blocks, and the items of published ones
 *
 * The index holds keys only: rows are written once, and read by miner seldom.
 */
export const scoresTable = defineTable({
  name: 'scores',
  partitionKey: { name: 'pk', type: 'S' },
  sortKey: { name: 'sk', type: 'S' },
  indexes: [
    {
      name: 'by-miner',
      partitionKey: { name: 'minerHotkey', type: 'S' },
      sortKey: { name: 'blockNumber', type: 'N' },
      projection: 'KEYS_ONLY',
    },
  ],
  expiryAttribute: 'ttl',
})
