import type { IndexSpec } from './table-spec.ts'

/** Parts into which an outbox is spread: every write of an item may enter it, and a partition takes 1,000 writes a second. */
export const OUTBOX_SHARDS = 4

/**
 * The items of a table whose newest state has not been copied into the other store yet. An item enters with the write
 * that changes it and leaves once it was copied, so that nothing is lost between the two and the index is as long as
 * the work that is left.
 */
export const outboxIndex: IndexSpec = {
  name: 'by-outbox',
  partitionKey: { name: 'outboxPk', type: 'S' },
  sortKey: null,
  projection: 'KEYS_ONLY',
}
