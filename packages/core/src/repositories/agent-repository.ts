import type { Agent } from '../models/agent.ts'
import type { CallOptions } from './call-options.ts'

/** Agents by id and by hotkey. Nobody is ever removed. */
export interface AgentRepository {
  /**
   * Stores an agent. Of one that is there already only `latestVersion` and `lastUpdated` change: hotkey, name and
   * `createdAt` keep what was stored first. Gives what is stored afterwards. Repeating a call that was cut off finishes
   * it, as long as it names the same id.
   *
   * @throws StorageError `conflict` when the hotkey has another agent; `details.agentId` says which.
   * @throws StorageError `invalid_input` also for times after `now`, see `MAX_CLOCK_SKEW_MS`.
   */
  put(params: Readonly<{ agent: Agent; now: Date }>, options?: CallOptions): Promise<Agent>
  find(params: Readonly<{ agentId: string }>, options?: CallOptions): Promise<Agent | null>
  findByHotkey(params: Readonly<{ minerHotkey: string }>, options?: CallOptions): Promise<Agent | null>
  /** How many agents there are: neither versions nor hotkeys. Eventual. */
  count(options?: CallOptions): Promise<number>
}
