import { StorageError } from '../errors/storage-error.ts'
import type { AgentVersion } from '../models/agent-version.ts'
import type { Agent } from '../models/agent.ts'

/** What is stored of an agent after it is stored again: the upload's fields are its newest, the rest its first. */
export function mergeAgent(stored: Agent | null, agent: Agent): Agent {
  if (stored === null) return agent
  return { ...stored, latestVersion: agent.latestVersion, lastUpdated: agent.lastUpdated }
}

/** What is stored of a version after it is stored again: its newest score, null too, and the rest as it was first. */
export function mergeAgentVersion(stored: AgentVersion | null, version: AgentVersion): AgentVersion {
  return stored === null ? version : { ...stored, score: version.score }
}

/** The error of an agent whose hotkey has another one. */
export function hotkeyTaken(agent: Pick<Agent, 'agentId' | 'minerHotkey'>, holder: string): StorageError {
  return new StorageError({
    code: 'conflict',
    message: `hotkey ${agent.minerHotkey} has the agent ${holder}, it cannot have ${agent.agentId} too`,
    details: { reason: 'hotkey_taken', minerHotkey: agent.minerHotkey, agentId: holder },
  })
}

/** The error of a version whose agent is not known. */
export function unknownAgent(agentId: string): StorageError {
  return new StorageError({
    code: 'not_found',
    message: `agent ${agentId} is not known; store it before its versions`,
    details: { agentId },
  })
}
