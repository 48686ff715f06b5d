import { defineTable } from './table-spec.ts'

/**
 * What was said for each sample, packed; apart from the samples, so that reading those never touches it.
 *
 * Query patterns
 * - one conversation:            pk = `MINER#<hotkey>#REV#<revision>#ENV#<environment>`,
 *                                sk = `GEN#<6 digits>#TASK#<12 digits>#ID#<sample id>#HEAD`, consistent
 * - its parts, when it is large: same pk, sk = `…#ID#<sample id>#PART#<16 digits of the payload's hash>#<5 digits>`
 * - everything of one sample:    same pk, sk begins with `…#ID#<sample id>#`
 *
 * Parts are written before the head, under the hash of what they hold, and never change: two writers of one sample
 * cannot mix theirs, and what has no head is not there. The sample's id is made of its content, so that no head is
 * ever replaced by another conversation.
 */
export const sampleConversationsTable = defineTable({
  name: 'sample_conversations',
  partitionKey: { name: 'pk', type: 'S' },
  sortKey: { name: 'sk', type: 'S' },
  indexes: [],
  expiryAttribute: null,
})
