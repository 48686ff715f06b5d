import { defineTable } from './table-spec.ts'

/**
 * Which task ids have a sample: one item with a number set for each 256 neighbouring ids of a scope and generation.
 * Ids are added after their sample is stored and taken out before it is removed, both idempotent.
 *
 * Query patterns
 * - add or take out ids:     pk = `MINER#<hotkey>`, sk = `REV#<revision>#ENV#<environment>#GEN#<6 digits>#IDS#<10 digits: id / 256>`
 * - ids of generations:      the same pk, sk between `…#GEN#<from>#IDS#0…` and `…#GEN#<to>#IDS#9…`, pages, consistent
 * - scopes of a miner:       the same pk, from the start; after the first item of a generation the rest of it is jumped over
 *
 * A thousand ids are four or five items of one to two kilobytes: one request, where the samples would be some 700 KB.
 * A partition takes the writes of one miner only.
 */
export const samplePresenceTable = defineTable({
  name: 'sample_presence',
  partitionKey: { name: 'pk', type: 'S' },
  sortKey: { name: 'sk', type: 'S' },
  indexes: [],
  expiryAttribute: null,
})
