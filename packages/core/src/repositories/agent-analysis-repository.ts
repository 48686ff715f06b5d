import type { AgentVersion } from '../models/agent-version.ts'
import type { Agent } from '../models/agent.ts'
import type { WeightsSnapshot } from '../models/weights-snapshot.ts'
import type { CallOptions } from './call-options.ts'

/** An agent by the version that it is ranked by: its newest scored one, or its newest where none is scored. */
export interface TopAgent {
  readonly agentId: string
  readonly minerHotkey: string
  readonly name: string
  readonly versionId: string
  readonly versionNum: number
  readonly versionCreatedAt: Date
  readonly score: number | null
}

/** An agent with all of its versions. */
export interface AgentSummary {
  readonly agent: Agent
  /**
   * By number, the newest first. A score is the mean over the version's completed evaluations, or what is stored of it
   * where there is none, see `versionScoreOf`.
   */
  readonly versions: readonly AgentVersion[]
}

/** Where an evaluation stands with its validator. */
export interface QueuePlace {
  readonly validatorHotkey: string
  /** From 1 while it waits, 0 while it runs, −1 once it is completed, null when it ended otherwise. */
  readonly place: number | null
}

/** Questions over the whole agent registry. Each is one statement. */
export interface AgentAnalysisRepository {
  /**
   * At most `limit` (1–10,000) agents that have a version: scored before unscored, the highest score first, then the
   * older version, then the smaller agent id.
   */
  listTopAgents(params: Readonly<{ limit: number }>, options?: CallOptions): Promise<readonly TopAgent[]>
  /** By id, or by hotkey where no id is given; null for an agent that is not known. */
  findSummary(
    params: Readonly<{ agentId: string } | { minerHotkey: string }>,
    options?: CallOptions,
  ): Promise<AgentSummary | null>
  /** One place for each evaluation of a version, oldest first, then by id. Equal times share no place. */
  listQueuePlaces(
    params: Readonly<{ versionId: string }>,
    options?: CallOptions,
  ): Promise<readonly QueuePlace[]>
  /**
   * The share, 0–1, of the 24 hours before `now` in which the hotkey was the top miner. A snapshot holds from its time
   * until the next one, the last until `now`; the one before the window covers its beginning.
   */
  getTopMinerShare(
    params: Readonly<{ minerHotkey: string; now: Date }>,
    options?: CallOptions,
  ): Promise<number>
  /** The snapshots of the 24 hours before `now`, both ends included, and the one in force when they began; oldest first. */
  listWeightsHistory(
    params: Readonly<{ now: Date }>,
    options?: CallOptions,
  ): Promise<readonly WeightsSnapshot[]>
}
