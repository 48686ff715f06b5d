import { type Agent, type AgentVersion, type CallOptions, StorageError } from '@subnetkit/core'

import type { RecordAccess } from '../../published/record-access.ts'
import type { AgentRegistry } from '../../ports/agent-registry.ts'
import type { AgentKey } from './agent-key.ts'
import { type AgentStory, readAgentStory } from './agent-story.ts'
import { recordIds } from './record-ids.ts'
import { unknownId } from './what-id-names.ts'

/** Both sides of the agent registry: the one that is always there, and the one that may not be. */
export interface AgentStores {
  readonly agents: AgentRegistry
  readonly record: Pick<RecordAccess, 'read'>
}

const AGENTS = '/v1/agents lists them'
const VERSIONS = '/v1/agents/{agentId}/summary lists the versions of an agent'

/**
 * An agent by id or hotkey: as it is decided, and for one that only the record has, such as an imported one, from there.
 *
 * @throws StorageError `not_found`, which says what the id names instead; RequestRefusal 503 when the record must be
 *   asked and is not there.
 */
export async function getAgent(stores: AgentStores, key: AgentKey, options: CallOptions): Promise<Agent> {
  const sources = [stores.agents.agents, recordIds(stores.record).agents]
  for (const source of sources) {
    const found = await ('agentId' in key ? source.find(key, options) : source.findByHotkey(key, options))
    if (found !== null) return found
  }
  throw await unknownAgentOf(stores, key, options)
}

/** A version, in the same way. */
export async function getVersion(
  stores: AgentStores,
  versionId: string,
  options: CallOptions,
): Promise<AgentVersion> {
  const found =
    (await stores.agents.agentVersions.find({ versionId }, options)) ??
    (await recordIds(stores.record).agentVersions.find({ versionId }, options))
  if (found !== null) return found
  throw await unknownId(idSources(stores), { kind: 'version', id: versionId, wayOut: VERSIONS }, options)
}

/** An agent with all its versions; needs the record. */
export async function getAgentStory(
  stores: AgentStores,
  key: AgentKey,
  options: CallOptions,
): Promise<AgentStory> {
  const story = await readAgentStory(stores.agents, recordIds(stores.record), key, options)
  if (story !== null) return story
  throw await unknownAgentOf(stores, key, options)
}

async function unknownAgentOf(
  stores: AgentStores,
  key: AgentKey,
  options: CallOptions,
): Promise<StorageError> {
  if ('agentId' in key) {
    return await unknownId(idSources(stores), { kind: 'agent', id: key.agentId, wayOut: AGENTS }, options)
  }
  return new StorageError({
    code: 'not_found',
    message: `the hotkey ${key.minerHotkey} has no agent; ${AGENTS}`,
    details: key,
  })
}

function idSources({ agents, record }: AgentStores): Parameters<typeof unknownId>[0] {
  return { registries: [agents, recordIds(record)], evaluations: agents.evaluations }
}
