import { outboxIndex } from './outbox-index.ts'
import { defineTable } from './table-spec.ts'

/**
 * Runs, one for each problem of an attempt at an evaluation: a problem that is begun anew in the same attempt meets
 * itself.
 *
 * Query patterns
 * - the runs of an evaluation:  pk = `EVALUATION#<id>`, consistent
 * - of one attempt:             the same, sk begins with `ATTEMPT#<2 digits>#`
 * - one run:                    the same, sk = `ATTEMPT#<2 digits>#PROBLEM#<name>`
 * - what is not copied yet:     index `by-outbox`, outboxPk = `OUTBOX#<2 digits>`; then the item itself
 */
export const evaluationRunsTable = defineTable({
  name: 'evaluation_runs',
  partitionKey: { name: 'pk', type: 'S' },
  sortKey: { name: 'sk', type: 'S' },
  indexes: [outboxIndex],
  expiryAttribute: null,
})
