import type { AgentVersion } from '../models/agent-version.ts'
import type { Agent } from '../models/agent.ts'
import type { EvaluationRun } from '../models/evaluation-run.ts'
import type { Evaluation } from '../models/evaluation.ts'
import type { WeightsSnapshot } from '../models/weights-snapshot.ts'
import type { CallOptions } from './call-options.ts'
import type { Page, PageParams } from './page.ts'

/** What a store has under a key. */
export type StoredRow<Row> =
  | Readonly<{ kind: 'row'; row: Row }>
  | Readonly<{ kind: 'absent' }>
  /** There is something, and it is no such row. */
  | Readonly<{ kind: 'unreadable'; problem: string }>

/** One table of the agent registry, read as a whole. */
export interface TableReader<Row, Key> {
  /** The keys of all rows, in an order of the store's own. Reads everything that there is: for comparing, not for asking. */
  listKeys(params: PageParams, options?: CallOptions): Promise<Page<Key>>
  /** What is stored under each key (1–1,000, none twice), in their order; consistent. */
  findMany(
    params: Readonly<{ keys: readonly Key[] }>,
    options?: CallOptions,
  ): Promise<readonly StoredRow<Row>[]>
}

/** What finds an agent. */
export type AgentKey = Pick<Agent, 'agentId'>
/** What finds a version. */
export type AgentVersionKey = Pick<AgentVersion, 'agentId' | 'versionId'>
/** What finds an evaluation. */
export type EvaluationKey = Pick<Evaluation, 'versionId' | 'evaluationId'>
/** What finds a run. */
export type EvaluationRunKey = Pick<
  EvaluationRun,
  'evaluationId' | 'runId' | 'attempt' | 'swebenchInstanceId'
>
/** What finds a snapshot. */
export type WeightsSnapshotKey = Pick<WeightsSnapshot, 'timestamp' | 'id'>

/** Every row of the agent registry: what two stores are compared by. */
export interface AgentRowsRepository {
  readonly agents: TableReader<Agent, AgentKey>
  readonly agentVersions: TableReader<AgentVersion, AgentVersionKey>
  readonly evaluations: TableReader<Evaluation, EvaluationKey>
  readonly evaluationRuns: TableReader<EvaluationRun, EvaluationRunKey>
  readonly weightsSnapshots: TableReader<WeightsSnapshot, WeightsSnapshotKey>
}
