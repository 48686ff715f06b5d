import { defineTable, type IndexSpec } from './table-spec.ts'

/**
 * Parts into which the claimable and the due tasks of one environment are spread. A task passes through each index
 * about once per attempt (in and out: two writes) and a partition takes 1,000 writes a second, so four parts carry
 * about 2,000 attempts a second in each environment. Every claim reads the head of each part: more parts make claims
 * dearer.
 */
export const TASK_SHARDS = 4

/** Claimable tasks only: the order in which they are handed out. */
export const claimableIndex: IndexSpec = {
  name: 'claimable-index',
  partitionKey: { name: 'claimPk', type: 'S' },
  sortKey: { name: 'claimSk', type: 'S' },
  projection: 'KEYS_ONLY',
}

/** Tasks with a time at which something is due: claimed, in back-off, or quarantined (since when). */
export const dueIndex: IndexSpec = {
  name: 'due-index',
  partitionKey: { name: 'duePk', type: 'S' },
  sortKey: { name: 'dueAt', type: 'S' },
  projection: 'KEYS_ONLY',
}

/** Open tasks by miner, in the order of their sort keys. */
export const openIndex: IndexSpec = {
  name: 'open-index',
  partitionKey: { name: 'openPk', type: 'S' },
  sortKey: { name: 'sk', type: 'S' },
  projection: 'KEYS_ONLY',
}

/** Claimed tasks by the token of their lease: what a claim holds. */
export const leaseIndex: IndexSpec = {
  name: 'lease-index',
  partitionKey: { name: 'leaseToken', type: 'S' },
  sortKey: null,
  projection: 'KEYS_ONLY',
}

/**
 * The sampling queue: one item per task, with its status as an attribute, so that each change of state is one
 * conditional update. The four indexes are sparse: a task stands in one only while it matters there.
 *
 * Query patterns
 * - one task:                  pk = `MINER#<hotkey>`, sk = `REV#<revision>#ENV#<env>#GEN#<6>#TASK#<12>`, consistent
 * - tasks of a miner:          pk = `MINER#<hotkey>`, ascending, pages, consistent
 * - next tasks to claim:       claimable-index, claimPk = `ENV#<env>#SHARD#<2>` for each shard, ascending:
 *                              claimSk = `RANK#<999 − priority>#TASK#<12>#TURN#<hash>`, so that miners take turns
 * - what ran out:              due-index, duePk = `DUE#<LEASE|BACKOFF>#ENV#<env>#SHARD#<2>`, dueAt up to now
 * - what waits for a person:   due-index, duePk = `DUE#QUARANTINE#ENV#<env>#SHARD#<2>`
 * - open task ids of a scope:  open-index, openPk = `MINER#<hotkey>`, sk begins with the scope
 * - what a claim holds:        lease-index, leaseToken = the claim's id
 *
 * Completed and revoked tasks expire 7 days after they were settled.
 */
export const taskQueueTable = defineTable({
  name: 'task_queue',
  partitionKey: { name: 'pk', type: 'S' },
  sortKey: { name: 'sk', type: 'S' },
  indexes: [claimableIndex, dueIndex, openIndex, leaseIndex],
  expiryAttribute: 'expiresAt',
})
