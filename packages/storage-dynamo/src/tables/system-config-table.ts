import { defineTable } from './table-spec.ts'

/**
 * Typed configuration: one partition of versions for each key, and one small directory of keys.
 *
 * Query patterns
 * - newest version of a key:   pk = `PARAM#<key>`, descending, 1 item, consistent
 * - one version of a key:      pk = `PARAM#<key>`, sk = `V#<10 digits>`
 * - history, newest first:     pk = `PARAM#<key>`, descending, pages
 * - all keys in order:         pk = `CONFIG`, ascending, pages; then the newest version of each
 *
 * `CONFIG` is a constant partition key. It is written once in the life of a key, whatever the number of miners, tasks
 * or writes, and read by `list` only: those who poll one key read that key's own partition.
 */
export const systemConfigTable = defineTable({
  name: 'system_config',
  partitionKey: { name: 'pk', type: 'S' },
  sortKey: { name: 'sk', type: 'S' },
  indexes: [],
  expiryAttribute: null,
})
