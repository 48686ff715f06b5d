import { defineTable } from './table-spec.ts'

/**
 * Attempts at uploads for 30 days, and how many a hotkey had in an hour.
 *
 * Query patterns
 * - attempts of a hotkey, newest first:  pk = `HOTKEY#<hotkey>`, descending, pages; sk = `TIME#<16 digits>#ATTEMPT#<id>`
 * - take a place in an hour:             update at pk = `HOTKEY#<hotkey>#HOUR#<10 digits>`, sk = `PLACES`, while fewer are
 *   taken than there are
 */
export const agentUploadAttemptsTable = defineTable({
  name: 'agent_upload_attempts',
  partitionKey: { name: 'pk', type: 'S' },
  sortKey: { name: 'sk', type: 'S' },
  indexes: [],
  expiryAttribute: 'ttl',
})
