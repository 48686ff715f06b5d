import type { AgentVersion } from '../models/agent-version.ts'
import type { Agent } from '../models/agent.ts'
import type { EvaluationRun } from '../models/evaluation-run.ts'
import type { Evaluation } from '../models/evaluation.ts'
import type { WeightsSnapshot } from '../models/weights-snapshot.ts'
import type { CallOptions } from './call-options.ts'
import type { Page, PageParams } from './page.ts'

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

/** An evaluation with everything that it is about. */
export interface AgentExecution {
  readonly evaluation: Evaluation
  readonly agent: Agent
  readonly version: AgentVersion
  /** Of all attempts, whole, patches included; by start, then by id. */
  readonly runs: readonly EvaluationRun[]
}

/** The version that all of the weight goes to, where one winner takes it. */
export interface LeadingAgent {
  readonly agentId: string
  readonly minerHotkey: string
  readonly versionId: string
  readonly versionCreatedAt: Date
  /** The mean over its completed evaluations, see `versionScoreOf`. */
  readonly score: number
}

/** How the registry stands, counted over versions. */
export interface AgentStatistics {
  /** Created until now. */
  readonly versions: number
  /** Created in the 24 hours before now, both ends included. */
  readonly versionsLastDay: number
  /** The best stored score; null when no version has one. */
  readonly topScore: number | null
  /** By how much the best score is above the best of the versions that are older than 24 hours; none counts as 0. */
  readonly dailyScoreImprovement: number
}

/**
 * Questions over the whole agent registry. Each is one statement, or two where a short way finds too few. They are asked of
 * a copy that follows what is decided elsewhere: an evaluation whose version or agent has not arrived yet is left out
 * wherever the answer names these.
 */
export interface AgentAnalysisRepository {
  /**
   * At most `limit` (1–10,000) agents that have a version: scored before unscored, the highest score first, then the
   * older version, then the smaller agent id.
   */
  listTopAgents(params: Readonly<{ limit: number }>, options?: CallOptions): Promise<readonly TopAgent[]>
  /** All agents by `createdAt`, then by id. */
  listAgents(params: Readonly<PageParams>, options?: CallOptions): Promise<Page<Agent>>
  /** By id, or by hotkey where no id is given; null for an agent that is not known. */
  findSummary(
    params: Readonly<{ agentId: string } | { minerHotkey: string }>,
    options?: CallOptions,
  ): Promise<AgentSummary | null>
  /**
   * The `limit` (1–10,000) evaluations created last, whatever their state; newest first, of one instant the highest id
   * first. Runs come whole, so ask for tens rather than for thousands.
   */
  listRecentExecutions(
    params: Readonly<{ limit: number }>,
    options?: CallOptions,
  ): Promise<readonly AgentExecution[]>
  /**
   * Of all versions of an agent the running evaluation created last, else the completed one with a score of its own that
   * was created last; null without any, also for an agent that is not known.
   */
  findLatestExecution(
    params: Readonly<{ agentId: string }>,
    options?: CallOptions,
  ): Promise<AgentExecution | null>
  /** All evaluations of a version, in the order of `listRecentExecutions`; none for a version that is not known. */
  listVersionExecutions(
    params: Readonly<{ versionId: string }>,
    options?: CallOptions,
  ): Promise<readonly AgentExecution[]>
  /**
   * Who leads: of the versions with completed and scored evaluations by `minValidators` (at least 1) validators those
   * whose mean score is at least 1 − `tolerance` (0–1) of the highest such mean, and of these the one created first, of
   * one instant the smallest id. So nobody leads by copying the leader, nor by a hair. Null when no version has enough.
   */
  findLeader(
    params: Readonly<{ minValidators: number; tolerance: number }>,
    options?: CallOptions,
  ): Promise<LeadingAgent | null>
  /** Over the versions created until `now`, with the scores that are stored of them. */
  getStatistics(params: Readonly<{ now: Date }>, options?: CallOptions): Promise<AgentStatistics>
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
