import { outboxIndex } from './outbox-index.ts'
import { defineTable } from './table-spec.ts'

/**
 * Evaluations, and one small item that finds an evaluation by its id. Version and validator are the key: two of one pair
 * cannot be.
 *
 * Query patterns
 * - the evaluations of a version:  pk = `VERSION#<id>`, consistent
 * - one evaluation by its id:      pk = `EVALUATION#<id>`, sk = `PLACE`, consistent; then the item that it names
 * - a validator's queue, what it runs, and what was cut off: index `by-queue`,
 *   queuePk = `VALIDATOR#<hotkey>#QUEUE#<waiting|running|interrupted>`, oldest first; then the item itself, since the
 *   index lags
 * - what has not been copied yet:  index `by-outbox`, outboxPk = `OUTBOX#<2 digits>`; then the item itself
 *
 * Whatever is over is not in the index, so a queue is as long as the work that is left.
 */
export const evaluationsTable = defineTable({
  name: 'evaluations',
  partitionKey: { name: 'pk', type: 'S' },
  sortKey: { name: 'sk', type: 'S' },
  indexes: [
    {
      name: 'by-queue',
      partitionKey: { name: 'queuePk', type: 'S' },
      sortKey: { name: 'queueSk', type: 'S' },
      projection: 'KEYS_ONLY',
    },
    outboxIndex,
  ],
  expiryAttribute: null,
})
