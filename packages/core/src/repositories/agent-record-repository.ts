import type { Agent } from '../models/agent.ts'
import type { AgentVersion } from '../models/agent-version.ts'
import type { Evaluation } from '../models/evaluation.ts'
import type { EvaluationRun } from '../models/evaluation-run.ts'
import type { WeightsSnapshot } from '../models/weights-snapshot.ts'
import type { CallOptions } from './call-options.ts'
import type { PutResult, RowSource } from './keyed-rows-repository.ts'

/**
 * Whole rows of the agent registry as another store decided them: what it is imported and projected by. A row of a known
 * id replaces the one before, nothing is compared: races are decided where the rows come from.
 */
export interface AgentRecordRepository {
  putAgents(params: Readonly<{ agents: RowSource<Agent> }>, options?: CallOptions): Promise<PutResult>
  putVersions(
    params: Readonly<{ versions: RowSource<AgentVersion> }>,
    options?: CallOptions,
  ): Promise<PutResult>
  putEvaluations(
    params: Readonly<{ evaluations: RowSource<Evaluation> }>,
    options?: CallOptions,
  ): Promise<PutResult>
  putRuns(params: Readonly<{ runs: RowSource<EvaluationRun> }>, options?: CallOptions): Promise<PutResult>
  putSnapshots(
    params: Readonly<{ snapshots: RowSource<WeightsSnapshot> }>,
    options?: CallOptions,
  ): Promise<PutResult>
}
