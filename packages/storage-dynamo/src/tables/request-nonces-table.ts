import { defineTable } from './table-spec.ts'

/**
 * Nonces of signed requests that were let in, each for the few minutes in which its request could be replayed.
 *
 * Query patterns
 * - take a nonce:        put at pk = `HOTKEY#<hotkey>#NONCE#<nonce>` if absent or expired
 * - whose nonce it is:   pk, 1 item, consistent
 *
 * Each nonce is a partition of its own, so that one executor's rate of requests meets no limit of a partition. Nothing
 * lists them.
 */
export const requestNoncesTable = defineTable({
  name: 'request_nonces',
  partitionKey: { name: 'pk', type: 'S' },
  sortKey: null,
  indexes: [],
  expiryAttribute: 'ttl',
})
