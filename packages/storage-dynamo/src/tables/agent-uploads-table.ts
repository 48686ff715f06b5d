import { defineTable } from './table-spec.ts'

/**
 * Uploads of agents: which content has which version number of a hotkey.
 *
 * Query patterns
 * - take a number for a content:  put at pk = `HOTKEY#<hotkey>`, sk = `VERSION#<6 digits>` if absent or of that content
 * - one upload:                   pk and sk, consistent
 * - the newest of a hotkey:       pk, descending, 1 item, consistent
 */
export const agentUploadsTable = defineTable({
  name: 'agent_uploads',
  partitionKey: { name: 'pk', type: 'S' },
  sortKey: { name: 'sk', type: 'S' },
  indexes: [],
  expiryAttribute: null,
})
