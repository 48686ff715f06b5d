import type { RecordAccess } from '../../published/record-access.ts'
import type { AgentRegistry } from '../../ports/agent-registry.ts'
import type { RecordRepositories } from '../../ports/record-store.ts'

/** What is looked up by id or hotkey in the record. */
export interface RecordIds {
  readonly agents: Pick<AgentRegistry['agents'], 'find' | 'findByHotkey'>
  readonly agentVersions: Pick<AgentRegistry['agentVersions'], 'find'>
  readonly agentAnalyses: Pick<RecordRepositories['agentAnalyses'], 'findSummary'>
}

/** Looks up in a record that may not be there: each call throws the refusal of {@link RecordAccess.read} then. */
export function recordIds(record: Pick<RecordAccess, 'read'>): RecordIds {
  return {
    agents: {
      find: async (params, options) => await record.read(({ agents }) => agents.find(params, options)),
      findByHotkey: async (params, options) =>
        await record.read(({ agents }) => agents.findByHotkey(params, options)),
    },
    agentVersions: {
      find: async (params, options) =>
        await record.read(({ agentVersions }) => agentVersions.find(params, options)),
    },
    agentAnalyses: {
      findSummary: async (params, options) =>
        await record.read(({ agentAnalyses }) => agentAnalyses.findSummary(params, options)),
    },
  }
}
