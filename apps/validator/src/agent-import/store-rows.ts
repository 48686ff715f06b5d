import {
  isStorageError,
  type Agent,
  type AgentVersion,
  type CallOptions,
  type Evaluation,
  type EvaluationRun,
  type Repositories,
  type StorageError,
  type WeightsSnapshot,
} from '@subnetkit/core'

import { inWaves } from './in-waves.ts'
import type { RowFault } from './row-problem.ts'
import { isUnfinished } from './settle-evaluation.ts'

/** Where rows go: what is decided on, and the record that analysis reads. */
export type ImportStores = Pick<
  Repositories,
  'agents' | 'agentVersions' | 'evaluations' | 'weightsSnapshots' | 'agentRecords'
>

/** A row that the store has no place for, by its place among those that were given. */
export interface RefusedRow {
  readonly at: number
  readonly fault: RowFault
}

/** What became of a batch. */
export interface StoredRows {
  readonly refused: readonly RefusedRow[]
  /** Evaluations that went into a queue. */
  readonly queued: number
}

/**
 * Older than every mark of the record: whatever is decided here of a row that was imported replaces it, and nothing that
 * was decided is replaced by an import.
 */
const HISTORY_STAMP = 1n

/** Stores rows of each table; the same rows again change nothing. Each is decided first, then put into the record. */
export class RowStore {
  readonly #stores: ImportStores
  readonly #now: () => Date
  readonly #isHistory: boolean

  constructor(stores: ImportStores, options: Readonly<{ now: () => Date; isHistory: boolean }>) {
    this.#stores = stores
    this.#now = options.now
    this.#isHistory = options.isHistory
  }

  async agents(agents: readonly Agent[], options: CallOptions): Promise<StoredRows> {
    const { agentRecords } = this.#stores
    const stamp = agentRecords.stamp()
    const { kept, refused } = await this.#decide(agents, async (agent) => await this.#agent(agent, options))
    await agentRecords.putAgents({ agents: kept, stamp }, options)
    return { refused, queued: 0 }
  }

  async versions(versions: readonly AgentVersion[], options: CallOptions): Promise<StoredRows> {
    const { agentRecords } = this.#stores
    const stamp = agentRecords.stamp()
    const decided = await this.#decide(versions, async (version) => await this.#version(version, options))
    await agentRecords.putVersions({ versions: decided.kept, stamp }, options)
    return { refused: decided.refused, queued: 0 }
  }

  async evaluations(evaluations: readonly Evaluation[], options: CallOptions): Promise<StoredRows> {
    const { agentRecords } = this.#stores
    const stamp = agentRecords.stamp()
    const isQueued = (evaluation: Evaluation): boolean => !this.#isHistory && isUnfinished(evaluation)
    const decided = await this.#decide(evaluations, async (evaluation) =>
      isQueued(evaluation) ? await this.#queued(evaluation, options) : evaluation,
    )
    const queued = new Set(evaluations.filter(isQueued).map(({ evaluationId }) => evaluationId))
    const past = decided.kept.filter(({ evaluationId }) => !queued.has(evaluationId))
    const waiting = decided.kept.filter(({ evaluationId }) => queued.has(evaluationId))
    await agentRecords.putEvaluations({ evaluations: past, stamp: HISTORY_STAMP }, options)
    await agentRecords.putEvaluations({ evaluations: waiting, stamp }, options)
    return { refused: decided.refused, queued: waiting.filter(({ status }) => status === 'waiting').length }
  }

  async runs(runs: readonly EvaluationRun[], options: CallOptions): Promise<StoredRows> {
    await this.#stores.agentRecords.putRuns({ runs, stamp: HISTORY_STAMP }, options)
    return { refused: [], queued: 0 }
  }

  async snapshots(snapshots: readonly WeightsSnapshot[], options: CallOptions): Promise<StoredRows> {
    const { agentRecords, weightsSnapshots } = this.#stores
    const stamp = agentRecords.stamp()
    const { kept, refused } = await this.#decide(snapshots, async (snapshot) => {
      await weightsSnapshots.put({ snapshot, now: this.#now() }, options)
      return snapshot
    })
    await agentRecords.putSnapshots({ snapshots: kept, stamp }, options)
    return { refused, queued: 0 }
  }

  /** What was decided here since is newer than the dump. */
  async #agent(agent: Agent, options: CallOptions): Promise<Agent> {
    const { agents } = this.#stores
    const stored = await agents.find(agent, options)
    if (stored !== null && stored.lastUpdated >= agent.lastUpdated) return stored
    return await agents.put({ agent, now: this.#now() }, options)
  }

  /** A score of here stays when evaluations were begun here; otherwise that of the newer dump counts. */
  async #version(version: AgentVersion, options: CallOptions): Promise<AgentVersion> {
    const { agentVersions, evaluations } = this.#stores
    const { versionId, score } = version
    const stored = await agentVersions.find(version, options)
    if (stored !== null && (score === null || stored.score === score)) return stored
    if (stored !== null && stored.score !== null) {
      const { items } = await evaluations.list({ versionId, limit: 1_000 }, options)
      if (items.some(({ status }) => status !== 'waiting')) return stored
    }
    return await agentVersions.put({ version, now: this.#now() }, options)
  }

  /** Waits, whether or not it ran: nobody works on it any more. */
  async #queued(
    { evaluationId, versionId, validatorHotkey, createdAt }: Evaluation,
    options: CallOptions,
  ): Promise<Evaluation> {
    const place = { evaluationId, versionId, validatorHotkey }
    return await this.#stores.evaluations.create({ ...place, now: createdAt }, options)
  }

  async #decide<Row>(
    rows: readonly Row[],
    decide: (row: Row) => Promise<Row>,
  ): Promise<Readonly<{ kept: readonly Row[]; refused: readonly RefusedRow[] }>> {
    const kept: Row[] = []
    const refused: RefusedRow[] = []
    await inWaves(rows, async (row, at) => {
      try {
        kept.push(await decide(row))
      } catch (error) {
        if (!isStorageError(error, 'conflict')) throw error
        refused.push({ at, fault: faultOf(error) })
      }
    })
    return { kept, refused }
  }
}

function faultOf({ message }: StorageError): RowFault {
  return {
    field: 'row',
    value: null,
    why: `does not go with what is stored: ${message}`,
    wayOut: 'import into a registry that does not have it, or leave the row out',
  }
}
