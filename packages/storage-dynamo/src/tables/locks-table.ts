import { defineTable } from './table-spec.ts'

/**
 * Locks between processes, one item each while it is held or was not given back.
 *
 * Query patterns
 * - take, renew, give back:  conditional write at pk = `LOCK#<name>`
 * - who holds it:            pk, 1 item, consistent
 *
 * Each lock is a partition of its own. Nothing lists them; one that its holder never gave back leaves the table by its
 * expiry.
 */
export const locksTable = defineTable({
  name: 'locks',
  partitionKey: { name: 'pk', type: 'S' },
  sortKey: null,
  indexes: [],
  expiryAttribute: 'ttl',
})
