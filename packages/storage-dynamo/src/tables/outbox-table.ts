import { defineTable } from './table-spec.ts'

/** Parts into which entries are spread by the agent that orders them: each takes 1,000 writes a second. */
export const OUTBOX_SHARDS = 8

/**
 * Writes that the analytical store has to learn of. Nearly always empty: an entry lives from its write to its replay.
 *
 * Query patterns
 * - what is left:  pk = `OUTBOX#<2 digits>`, each part in turn, consistent; sk = `BY#<agent>#AT#<time>#ENTRY#<id>` keeps
 *   the entries of an agent together and in order
 */
export const outboxTable = defineTable({
  name: 'outbox',
  partitionKey: { name: 'pk', type: 'S' },
  sortKey: { name: 'sk', type: 'S' },
  indexes: [],
  expiryAttribute: null,
})
