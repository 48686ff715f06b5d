import type { Agent, AgentVersion, CallOptions } from '@subnetkit/core'
import { RequestRefusal } from '@subnetkit/core/http'

import type { AgentStores } from './agent-lookup.ts'
import { recordIds } from './record-ids.ts'

/** An agent with the versions that count. */
export interface AgentStandings {
  readonly agent: Agent
  /** Null before its first version is stored. */
  readonly latestVersion: AgentVersion | null
  /** The newest version with a score; null when there is none, or it is not known. */
  readonly latestScoredVersion: AgentVersion | null
  /** False while only the record could tell of scored versions, and it is not there. */
  readonly isScoredVersionKnown: boolean
}

/**
 * The newest version as it is decided, and the newest scored one: the same where it has a score, else as the record has
 * it. Answers without the record too, and says what it does not know then.
 */
export async function readStandings(
  { agents, record }: AgentStores,
  agent: Agent,
  options: CallOptions,
): Promise<AgentStandings> {
  const { agentId } = agent
  const latest = await agents.agentVersions.findLatest({ agentId }, options)
  if (latest !== null && latest.score !== null) {
    return { agent, latestVersion: latest, latestScoredVersion: latest, isScoredVersionKnown: true }
  }
  try {
    const summary = await recordIds(record).agentAnalyses.findSummary({ agentId }, options)
    const versions = (summary?.versions ?? []).toSorted(newestFirst)
    return {
      agent,
      latestVersion: latest ?? versions[0] ?? null,
      latestScoredVersion: versions.find(({ score }) => score !== null) ?? null,
      isScoredVersionKnown: true,
    }
  } catch (error) {
    if (latest === null || !(error instanceof RequestRefusal)) throw error
    return { agent, latestVersion: latest, latestScoredVersion: null, isScoredVersionKnown: false }
  }
}

function newestFirst(a: AgentVersion, b: AgentVersion): number {
  return b.createdAt.getTime() - a.createdAt.getTime() || (a.versionId < b.versionId ? 1 : -1)
}
