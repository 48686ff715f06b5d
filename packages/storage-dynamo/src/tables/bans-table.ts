import { defineTable } from './table-spec.ts'

/**
 * Bans of hotkeys and coldkeys, those that were lifted too.
 *
 * Query patterns
 * - the newest ban of a key:  pk = `HOTKEY#<address>` or `COLDKEY#<address>`, descending, 1 item, consistent
 * - ban a key:                put at its next sk = `BAN#<6 digits>` if absent
 * - all bans:                 scan; they are made by hand, so they stay few
 */
export const bansTable = defineTable({
  name: 'bans',
  partitionKey: { name: 'pk', type: 'S' },
  sortKey: { name: 'sk', type: 'S' },
  indexes: [],
  expiryAttribute: null,
})
