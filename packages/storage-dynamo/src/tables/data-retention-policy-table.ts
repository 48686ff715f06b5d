import { defineTable } from './table-spec.ts'

/**
 * Which models keep their samples for ever: one item for each model of a miner. Policies never expire.
 *
 * Query patterns
 * - one policy:              pk = `MINER#<hotkey>`, sk = `REV#<revision>`, consistent
 * - policies of a miner:     pk = `MINER#<hotkey>`, ascending, pages, consistent
 */
export const dataRetentionPolicyTable = defineTable({
  name: 'data_retention_policy',
  partitionKey: { name: 'pk', type: 'S' },
  sortKey: { name: 'sk', type: 'S' },
  indexes: [],
  expiryAttribute: null,
})
