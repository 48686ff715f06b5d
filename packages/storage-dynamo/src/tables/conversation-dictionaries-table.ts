import { defineTable } from './table-spec.ts'

/**
 * Bytes that conversations are packed with. They never expire and never change: a payload that names one needs it for
 * ever.
 *
 * Query patterns
 * - a dictionary:                            pk = `DICTIONARY#<id>`, sk = `HEAD`, consistent
 * - its parts, when it is large:             same pk, sk = `PART#<5 digits>`
 * - newest general one of an environment:    pk = `ENV#<environment>`, descending, 1 item, consistent
 *
 * A prompt's dictionary is written once for its task and a general one once in a learning; each process reads both
 * once and keeps them.
 */
export const conversationDictionariesTable = defineTable({
  name: 'conversation_dictionaries',
  partitionKey: { name: 'pk', type: 'S' },
  sortKey: { name: 'sk', type: 'S' },
  indexes: [],
  expiryAttribute: null,
})
