import { defineTable } from './table-spec.ts'

/**
 * Parts into which the agents are spread in the index that counts them: an agent enters it once in its life, and a
 * partition takes 1,000 writes a second.
 */
export const AGENT_SHARDS = 4

/**
 * One item for each agent, and one for each hotkey that has an agent or is about to get one.
 *
 * Query patterns
 * - one agent:              pk = `AGENT#<id>`, consistent
 * - the agent of a hotkey:  pk = `HOTKEY#<hotkey>`, consistent; then the agent that it names
 * - how many agents:        index `by-shard`, shardPk = `AGENTS#<2 digits>`, counted in each part
 *
 * The index holds keys only, so that an upload never writes to it; items of hotkeys are not in it.
 */
export const agentsTable = defineTable({
  name: 'agents',
  partitionKey: { name: 'pk', type: 'S' },
  sortKey: null,
  indexes: [
    {
      name: 'by-shard',
      partitionKey: { name: 'shardPk', type: 'S' },
      sortKey: null,
      projection: 'KEYS_ONLY',
    },
  ],
  expiryAttribute: null,
})
