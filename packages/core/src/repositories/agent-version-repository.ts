import type { AgentVersion } from '../models/agent-version.ts'
import type { CallOptions } from './call-options.ts'

/** Versions of agents. */
export interface AgentVersionRepository {
  /**
   * Stores a version. Of one that is there already only the score changes, and null overwrites a number; the rest keeps
   * what was stored first. Gives what is stored afterwards.
   *
   * @throws StorageError `not_found` when a new version's agent is not known; `invalid_input` also for a time after
   *   `now`, see `MAX_CLOCK_SKEW_MS`.
   */
  put(params: Readonly<{ version: AgentVersion; now: Date }>, options?: CallOptions): Promise<AgentVersion>
  find(params: Readonly<{ versionId: string }>, options?: CallOptions): Promise<AgentVersion | null>
  /** The version created last, of one instant the one with the highest id; null without any. */
  findLatest(params: Readonly<{ agentId: string }>, options?: CallOptions): Promise<AgentVersion | null>
}
