import { defineTable } from './table-spec.ts'

/**
 * Snapshots of all miners' weights, and one small item that finds a snapshot by its id.
 *
 * Query patterns
 * - the newest snapshot:      pk = `SNAPSHOTS`, descending, one item, consistent
 * - one snapshot by its id:   pk = `SNAPSHOT#<id>`, sk = `PLACE`, consistent; then the item that it names
 *
 * One partition takes them all: a platform looks at the chain once a minute and stores what changed, however many
 * miners there are.
 */
export const weightsHistoryTable = defineTable({
  name: 'weights_history',
  partitionKey: { name: 'pk', type: 'S' },
  sortKey: { name: 'sk', type: 'S' },
  indexes: [],
  expiryAttribute: null,
})
