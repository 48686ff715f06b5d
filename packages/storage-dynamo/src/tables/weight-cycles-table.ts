import { defineTable } from './table-spec.ts'

/**
 * Weight cycles as they stand, one item each, and one small item that finds a cycle by its id. They stay: a validator
 * makes some twenty a day, of a few kilobytes each.
 *
 * Query patterns
 * - the newest cycles of a validator:  pk = `NET#<netuid>#VALIDATOR#<hotkey>`, descending, pages, consistent
 * - of a span of time:                 the same, sk between `AT#<from>` and `AT#<to>`
 * - one cycle by its id:               pk = `…#CYCLE#<id>`, sk = `PLACE`, consistent; then the item that it names
 *
 * A partition takes a handful of writes per cycle, one in twenty minutes.
 */
export const weightCyclesTable = defineTable({
  name: 'weight_cycles',
  partitionKey: { name: 'pk', type: 'S' },
  sortKey: { name: 'sk', type: 'S' },
  indexes: [],
  expiryAttribute: null,
})
