import type { Agent, AgentVersion, CallOptions } from '@subnetkit/core'

import type { AgentRegistry } from '../../ports/agent-registry.ts'
import type { AgentKey } from './agent-key.ts'
import type { RecordIds } from './record-ids.ts'

/** An agent with what is known of its versions. */
export interface AgentStory {
  readonly agent: Agent
  /** By number, the newest first. */
  readonly versions: readonly AgentVersion[]
  /** False while the record lacks the agent: of its versions only the newest is known then. */
  readonly isOnRecord: boolean
}

/**
 * Reads an agent as it was decided and as the record has it, which has all versions but may be behind; null when neither
 * store knows it.
 */
export async function readAgentStory(
  registry: Pick<AgentRegistry, 'agents' | 'agentVersions'>,
  record: Pick<RecordIds, 'agentAnalyses'>,
  key: AgentKey,
  options?: CallOptions,
): Promise<AgentStory | null> {
  const [decided, summary] = await Promise.all([
    'agentId' in key ? registry.agents.find(key, options) : registry.agents.findByHotkey(key, options),
    record.agentAnalyses.findSummary(key, options),
  ])
  const agent = decided ?? summary?.agent ?? null
  if (agent === null) return null
  const latest = await registry.agentVersions.findLatest({ agentId: agent.agentId }, options)
  const recorded = summary?.versions ?? []
  const isMissing = latest !== null && recorded.every(({ versionId }) => versionId !== latest.versionId)
  return { agent, versions: isMissing ? [latest, ...recorded] : recorded, isOnRecord: summary !== null }
}
