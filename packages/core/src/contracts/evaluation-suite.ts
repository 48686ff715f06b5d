import type { Evaluation } from '../models/evaluation.ts'
import type { EvaluationRun } from '../models/evaluation-run.ts'
import type { Repositories } from '../repositories/repositories.ts'
import {
  agentNow as now,
  agentTime,
  buildAgent,
  buildAgentVersion,
  buildScoredRun,
  newUuid,
} from './agent-builders.ts'
import type { AgentRegistry } from './agent-registry.ts'
import type { RepositoryContractOptions } from './keyed-rows-repository-contract.ts'
import { existing } from './sampling-task-suite.ts'
import { newHotkey } from './weight-record-builders.ts'

/** The repositories that evaluations and runs are written by. */
export type EvaluationStore = AgentRegistry & Pick<Repositories, 'evaluations' | 'evaluationRuns'>

/** What an adapter gives to the suites of evaluations and runs. */
export type EvaluationContractOptions = RepositoryContractOptions<EvaluationStore>

/** Stores a version of a new agent. */
export async function storeVersion(store: EvaluationStore): Promise<string> {
  const agent = await store.agents.put({ agent: buildAgent(), now })
  const version = buildAgentVersion({ agentId: agent.agentId })
  return (await store.agentVersions.put({ version, now })).versionId
}

/** Puts a new version, or the one that is named, into the queue of a validator, a new one unless it is named. */
export async function createEvaluation(
  store: EvaluationStore,
  fields: Partial<Pick<Evaluation, 'evaluationId' | 'versionId' | 'validatorHotkey' | 'createdAt'>> = {},
): Promise<Evaluation> {
  return store.evaluations.create({
    evaluationId: fields.evaluationId ?? newUuid(),
    versionId: fields.versionId ?? (await storeVersion(store)),
    validatorHotkey: fields.validatorHotkey ?? newHotkey(),
    now: fields.createdAt ?? now,
  })
}

/** Claims for a validator under a claim of its own. */
export async function claimNext(
  store: EvaluationStore,
  validatorHotkey: string,
  claimId: string = newUuid(),
): Promise<Evaluation | null> {
  return store.evaluations.claim({ validatorHotkey, claimId, now: agentTime(1_000) })
}

/** An evaluation that its validator has begun. */
export async function beginOne(store: EvaluationStore): Promise<Evaluation> {
  const { validatorHotkey } = await createEvaluation(store)
  return existing(await claimNext(store, validatorHotkey))
}

/** Reports on a run of an evaluation as its validator; scored and solved unless it is said otherwise. */
export async function report(
  store: EvaluationStore,
  evaluation: Evaluation,
  fields: Partial<EvaluationRun> = {},
): Promise<EvaluationRun> {
  const { evaluationId, attempt, validatorHotkey } = evaluation
  const run = buildScoredRun({ evaluationId, attempt, ...fields })
  return store.evaluationRuns.put({ run, validatorHotkey })
}

/** Ends the attempt as completed. */
export async function finishCompleted(store: EvaluationStore, evaluation: Evaluation): Promise<Evaluation> {
  const outcome = { status: 'completed', reason: null } as const
  return store.evaluations.finish({ ...evaluation, outcome, now: agentTime(9_000) })
}

/** All runs of an evaluation, by attempt and problem. */
export async function runsOf(
  store: EvaluationStore,
  { evaluationId }: Pick<Evaluation, 'evaluationId'>,
): Promise<readonly EvaluationRun[]> {
  return (await store.evaluationRuns.list({ evaluationId, limit: 1_000 })).items
}
