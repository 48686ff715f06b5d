import { defineTable } from './table-spec.ts'

/**
 * Runs, one for each problem of an attempt at an evaluation: a problem that is begun anew in the same attempt meets
 * itself.
 *
 * Query patterns
 * - the runs of an evaluation:  pk = `EVALUATION#<id>`, consistent
 * - of one attempt:             the same, sk begins with `ATTEMPT#<2 digits>#`
 * - one run:                    the same, sk = `ATTEMPT#<2 digits>#PROBLEM#<name>`
 */
export const evaluationRunsTable = defineTable({
  name: 'evaluation_runs',
  partitionKey: { name: 'pk', type: 'S' },
  sortKey: { name: 'sk', type: 'S' },
  indexes: [],
  expiryAttribute: null,
})
