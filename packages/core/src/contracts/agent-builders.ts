import type { Agent } from '../models/agent.ts'
import type { AgentVersion } from '../models/agent-version.ts'
import type { Evaluation } from '../models/evaluation.ts'
import type { EvaluationRun } from '../models/evaluation-run.ts'
import type { WeightsSnapshot } from '../models/weights-snapshot.ts'
import { newHotkey } from './weight-record-builders.ts'

/** When the agents' tests begin. */
export const agentNow = new Date('2026-02-03T04:05:06.345Z')

let made = 0

/** A UUID that no earlier call gave; later ones are larger as text. */
export function newUuid(): string {
  made += 1
  return `f0000000-0000-4000-8000-${String(made).padStart(12, '0')}`
}

/** A moment so many milliseconds after {@link agentNow}. */
export function agentTime(afterMs: number): Date {
  return new Date(agentNow.getTime() + afterMs)
}

/** An agent of a new id and a new hotkey; tests name the fields that they are about. */
export function buildAgent(fields: Partial<Agent> = {}): Agent {
  return {
    agentId: newUuid(),
    minerHotkey: newHotkey(),
    name: 'alpha',
    latestVersion: 0,
    createdAt: agentNow,
    lastUpdated: agentNow,
    ...fields,
  }
}

/** A first version of a new id, without a score. */
export function buildAgentVersion(fields: Partial<AgentVersion> = {}): AgentVersion {
  return {
    versionId: newUuid(),
    agentId: newUuid(),
    versionNum: 0,
    createdAt: agentNow,
    score: null,
    ...fields,
  }
}

/** An evaluation that waits. */
export function buildEvaluation(fields: Partial<Evaluation> = {}): Evaluation {
  return {
    evaluationId: newUuid(),
    versionId: newUuid(),
    validatorHotkey: '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty',
    status: 'waiting',
    attempt: 1,
    terminatedReason: null,
    createdAt: agentNow,
    startedAt: null,
    finishedAt: null,
    score: null,
    ...fields,
  }
}

/** A run that has just begun. */
export function buildEvaluationRun(fields: Partial<EvaluationRun> = {}): EvaluationRun {
  return {
    runId: newUuid(),
    evaluationId: newUuid(),
    attempt: 1,
    swebenchInstanceId: 'django__django-11099',
    status: 'started',
    response: null,
    error: null,
    passToFailSuccess: [],
    failToPassSuccess: [],
    passToPassSuccess: [],
    failToFailSuccess: [],
    solved: null,
    startedAt: agentNow,
    sandboxCreatedAt: null,
    patchGeneratedAt: null,
    evalStartedAt: null,
    resultScoredAt: null,
    ...fields,
  }
}

/** The last report on a run. */
export function buildScoredRun(fields: Partial<EvaluationRun> = {}): EvaluationRun {
  return buildEvaluationRun({
    status: 'result_scored',
    solved: true,
    resultScoredAt: agentTime(60_000),
    ...fields,
  })
}

/** A snapshot of a new id with the weights of two miners. */
export function buildWeightsSnapshot(fields: Partial<WeightsSnapshot> = {}): WeightsSnapshot {
  return {
    id: newUuid(),
    timestamp: agentNow,
    timeSinceLastUpdateSeconds: 60.5,
    minerWeights: [
      { minerHotkey: '5Alpha', weight: 0.1 + 0.2 },
      { minerHotkey: '5Beta', weight: 0.7 },
    ],
    ...fields,
  }
}
