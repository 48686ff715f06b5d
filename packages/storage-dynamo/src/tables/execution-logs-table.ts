import { defineTable } from './table-spec.ts'

/**
 * Attempts at tasks, one partition for each miner, for seven days.
 *
 * Query patterns
 * - attempts of a miner in [from, to), newest first: pk = `MINER#<hotkey>`, sk between `TIME#<16 digits>` of both,
 *   descending, pages; an outcome is picked out while reading
 *
 * The sort key goes on with revision, environment, generation, task and attempt, so that an attempt which is logged
 * again meets itself.
 */
export const executionLogsTable = defineTable({
  name: 'execution_logs',
  partitionKey: { name: 'pk', type: 'S' },
  sortKey: { name: 'sk', type: 'S' },
  indexes: [],
  expiryAttribute: 'ttl',
})
