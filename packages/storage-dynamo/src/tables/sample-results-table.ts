import { defineTable } from './table-spec.ts'

/**
 * Samples without their conversations: some 700 bytes each, so that a thousand are one request. The item of a sample
 * decides whether it exists; its conversation is stored before it, its mark in `sample_presence` after it.
 *
 * Query patterns
 * - one sample:              pk = `MINER#<hotkey>#REV#<revision>#ENV#<environment>`, sk = `GEN#<6 digits>#TASK#<12 digits>`, consistent
 * - generations of a scope:  the same pk, sk between `GEN#<from>#TASK#0…` and `GEN#<to>#TASK#9…`, ascending, pages, consistent
 * - some of many samples:    batches of 100 whole keys, consistent
 *
 * A partition takes the writes of one miner on one environment only. There is no index: what is there is told by
 * `sample_presence`, and what is asked across miners is asked of the miners one by one.
 */
export const sampleResultsTable = defineTable({
  name: 'sample_results',
  partitionKey: { name: 'pk', type: 'S' },
  sortKey: { name: 'sk', type: 'S' },
  indexes: [],
  expiryAttribute: null,
})
