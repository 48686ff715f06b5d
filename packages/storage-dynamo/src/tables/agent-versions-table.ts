import { outboxIndex } from './outbox-index.ts'
import { defineTable } from './table-spec.ts'

/**
 * Versions of agents, and one small item that finds a version by its id.
 *
 * Query patterns
 * - the newest version of an agent:  pk = `AGENT#<id>`, descending, one item, consistent
 * - one version by its id:           pk = `VERSION#<id>`, sk = `PLACE`, consistent; then the item that it names
 * - scores that are not copied yet:  index `by-outbox`, outboxPk = `OUTBOX#<2 digits>`; then the item itself
 */
export const agentVersionsTable = defineTable({
  name: 'agent_versions',
  partitionKey: { name: 'pk', type: 'S' },
  sortKey: { name: 'sk', type: 'S' },
  indexes: [outboxIndex],
  expiryAttribute: null,
})
