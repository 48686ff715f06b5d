import type { Agent } from '../models/agent.ts'
import type { AgentVersion } from '../models/agent-version.ts'
import type { Evaluation } from '../models/evaluation.ts'
import type { EvaluationRun } from '../models/evaluation-run.ts'
import type { WeightsSnapshot } from '../models/weights-snapshot.ts'
import type { CallOptions } from './call-options.ts'
import type { PutResult, RowSource } from './keyed-rows-repository.ts'

/** How rows are put that were read elsewhere. */
export interface RecordPutParams {
  /** Of the moment before they were read, see {@link AgentRecordRepository.stamp}. @default the moment of the put */
  readonly stamp?: bigint
}

/** Whose rows are counted: agents and snapshots by their own ids, the others by the id of what they belong to. */
export type CountAgentRowsParams = Readonly<{
  of: 'agents' | 'versions' | 'evaluations' | 'runs' | 'snapshots'
  /** At most 1,000: of agents also for versions, of versions for evaluations, of evaluations for runs. */
  ids: readonly string[]
}>

/**
 * Whole rows of the agent registry as another store decided them: what it is imported and projected by. A row of a known
 * id replaces the one before, nothing is compared: races are decided where the rows come from.
 */
export interface AgentRecordRepository {
  /**
   * A mark of this moment, larger than any given before. Take it *before* the rows are read where they are decided: then
   * a row that was read earlier never replaces one that was read later, however late it is put.
   */
  stamp(): bigint
  putAgents(
    params: RecordPutParams & Readonly<{ agents: RowSource<Agent> }>,
    options?: CallOptions,
  ): Promise<PutResult>
  putVersions(
    params: RecordPutParams & Readonly<{ versions: RowSource<AgentVersion> }>,
    options?: CallOptions,
  ): Promise<PutResult>
  putEvaluations(
    params: RecordPutParams & Readonly<{ evaluations: RowSource<Evaluation> }>,
    options?: CallOptions,
  ): Promise<PutResult>
  putRuns(
    params: RecordPutParams & Readonly<{ runs: RowSource<EvaluationRun> }>,
    options?: CallOptions,
  ): Promise<PutResult>
  putSnapshots(
    params: RecordPutParams & Readonly<{ snapshots: RowSource<WeightsSnapshot> }>,
    options?: CallOptions,
  ): Promise<PutResult>
  /** How many rows there are of these, to compare with what was put. */
  count(params: CountAgentRowsParams, options?: CallOptions): Promise<number>
}
