import {
  agentSchema,
  agentVersionSchema,
  evaluationRunSchema,
  evaluationRunStatuses,
  evaluationSchema,
  evaluationStatuses,
  MAX_RUN_TEXT,
  type Agent,
  type AgentVersion,
  type Evaluation,
  type EvaluationRun,
} from '@subnetkit/core'

import {
  namesOf,
  numberOf,
  optionalBooleanOf,
  optionalTextOf,
  scoreOf,
  textOf,
  uuidOf,
  wordOf,
} from './dump-values.ts'
import { fitModel } from './fit-model.ts'
import { instantOf, optionalInstantOf, type DumpTimes } from './parse-timestamp.ts'
import { RowProblem } from './row-problem.ts'

/** The values of a row in the order of `dumpColumns`. */
type Values = readonly unknown[]

/** A row of `agents`. @throws RowProblem, as all of these do. */
export function readAgent(values: Values, times: DumpTimes): Agent {
  const [agentId, minerHotkey, name, latestVersion, createdAt, lastUpdated] = values
  return fitModel(agentSchema, {
    agentId: uuidOf('agent_id', agentId),
    minerHotkey: textOf('miner_hotkey', minerHotkey),
    name: textOf('name', name),
    latestVersion: numberOf('latest_version', latestVersion),
    createdAt: instantOf('created_at', createdAt, times),
    lastUpdated: instantOf('last_updated', lastUpdated, times),
  })
}

/** A row of `agent_versions`. */
export function readVersion(values: Values, times: DumpTimes): AgentVersion {
  const [versionId, agentId, versionNum, createdAt, score] = values
  return fitModel(agentVersionSchema, {
    versionId: uuidOf('version_id', versionId),
    agentId: uuidOf('agent_id', agentId),
    versionNum: numberOf('version_num', versionNum),
    createdAt: instantOf('created_at', createdAt, times),
    score: scoreOf('score', score),
  })
}

/** A row of `evaluations`; the earlier platform knew no attempts, so it is the first. */
export function readEvaluation(values: Values, times: DumpTimes): Evaluation {
  const [evaluationId, versionId, validatorHotkey, status, reason, createdAt, startedAt, finishedAt, score] =
    values
  return fitModel(evaluationSchema, {
    evaluationId: uuidOf('evaluation_id', evaluationId),
    versionId: uuidOf('version_id', versionId),
    validatorHotkey: textOf('validator_hotkey', validatorHotkey),
    status: wordOf('status', status, evaluationStatuses),
    attempt: 1,
    terminatedReason: optionalTextOf('terminated_reason', reason),
    createdAt: instantOf('created_at', createdAt, times),
    startedAt: optionalInstantOf('started_at', startedAt, times),
    finishedAt: optionalInstantOf('finished_at', finishedAt, times),
    score: scoreOf('score', score),
  })
}

/** How runs are read. */
export interface RunOptions {
  /** Longer patches and errors are cut instead of refused. */
  readonly cutTexts: boolean
}

/** A row of `evaluation_runs`, as it stands there. */
export function readRun(values: Values, times: DumpTimes, { cutTexts }: RunOptions): EvaluationRun {
  const [runId, evaluationId, instance, status, response, error, ...rest] = values
  const [passToFail, failToPass, passToPass, failToFail, solved, started, ...stages] = rest
  const [sandboxCreated, patchGenerated, evalStarted, resultScored] = stages
  return fitModel(evaluationRunSchema, {
    runId: uuidOf('run_id', runId),
    evaluationId: uuidOf('evaluation_id', evaluationId),
    attempt: 1,
    swebenchInstanceId: textOf('swebench_instance_id', instance),
    status: wordOf('status', status, evaluationRunStatuses),
    response: runTextOf('response', response, cutTexts),
    error: runTextOf('error', error, cutTexts),
    passToFailSuccess: namesOf('pass_to_fail_success', passToFail),
    failToPassSuccess: namesOf('fail_to_pass_success', failToPass),
    passToPassSuccess: namesOf('pass_to_pass_success', passToPass),
    failToFailSuccess: namesOf('fail_to_fail_success', failToFail),
    solved: optionalBooleanOf('solved', solved),
    startedAt: instantOf('started_at', started, times),
    sandboxCreatedAt: optionalInstantOf('sandbox_created_at', sandboxCreated, times),
    patchGeneratedAt: optionalInstantOf('patch_generated_at', patchGenerated, times),
    evalStartedAt: optionalInstantOf('eval_started_at', evalStarted, times),
    resultScoredAt: optionalInstantOf('result_scored_at', resultScored, times),
  })
}

function runTextOf(field: string, value: unknown, cutTexts: boolean): string | null {
  const text = optionalTextOf(field, value)
  if (text === null || text.length <= MAX_RUN_TEXT) return text
  if (cutTexts) return text.slice(0, MAX_RUN_TEXT)
  throw new RowProblem({
    field,
    value,
    why: `is longer than ${MAX_RUN_TEXT} characters`,
    wayOut: 'cut such texts with --cut-texts',
  })
}
