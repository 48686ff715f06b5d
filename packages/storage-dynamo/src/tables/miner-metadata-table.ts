import { defineTable } from './table-spec.ts'

/**
 * One item for each hotkey that was ever seen, with its registration, pause and counters.
 *
 * Query patterns
 * - one miner:           pk = `MINER#<hotkey>`, consistent
 * - who stands at a uid: index `by-uid`, gsi1pk = `UID#<5 digits>`, gsi1sk descending (the newest commitment's block,
 *                        −1 without one); then the item itself, since the index lags
 * - all miners:          paged scan; there are as many as hotkeys registered in the subnet's life, some thousands
 *
 * The index holds keys only, so that counting an outcome never writes to it; a miner without uid is not in it.
 */
export const minerMetadataTable = defineTable({
  name: 'miner_metadata',
  partitionKey: { name: 'pk', type: 'S' },
  sortKey: null,
  indexes: [
    {
      name: 'by-uid',
      partitionKey: { name: 'gsi1pk', type: 'S' },
      sortKey: { name: 'gsi1sk', type: 'N' },
      projection: 'KEYS_ONLY',
    },
  ],
  expiryAttribute: null,
})
