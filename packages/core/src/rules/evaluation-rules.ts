import { StorageError } from '../errors/storage-error.ts'
import { MAX_EVALUATION_ATTEMPTS, type Evaluation, type EvaluationStatus } from '../models/evaluation.ts'

/** Which state may follow which; those that nothing follows are final. */
const successors: Readonly<Record<EvaluationStatus, readonly EvaluationStatus[]>> = {
  waiting: ['running', 'replaced', 'cancelled'],
  running: ['completed', 'error', 'timedout', 'disconnected'],
  completed: [],
  error: [],
  timedout: ['waiting'],
  disconnected: ['waiting'],
  replaced: [],
  cancelled: [],
}

/** Whether an evaluation may go from one state to another. */
export function mayFollow(from: EvaluationStatus, to: EvaluationStatus): boolean {
  return successors[from].includes(to)
}

/** Whether an interrupted evaluation is to be tried again; after the last attempt the interruption is its end. */
export function awaitsNextAttempt({ status, attempt }: Pick<Evaluation, 'status' | 'attempt'>): boolean {
  return mayFollow(status, 'waiting') && attempt < MAX_EVALUATION_ATTEMPTS
}

/** Who says something about an evaluation, and about which attempt. */
export type EvaluationHold = Readonly<Pick<Evaluation, 'evaluationId' | 'validatorHotkey' | 'attempt'>>

/** How a validator ends its attempt. */
export type EvaluationOutcome =
  Readonly<{ status: 'completed'; reason: null }> | Readonly<{ status: 'error'; reason: string }>

/** The evaluation once its validator begins with it. @throws StorageError `conflict` unless it waits. */
export function beginEvaluation(evaluation: Evaluation, now: Date): Evaluation {
  requireStep(evaluation, 'running')
  return { ...evaluation, status: 'running', startedAt: now, finishedAt: null, score: null }
}

/**
 * The evaluation after its validator's verdict. The same verdict again gives it unchanged.
 *
 * @param score of the attempt's runs, see `evaluationScoreOf`.
 * @throws StorageError `conflict` with `details.reason`: another validator's, another attempt, not running, or completed
 *   without a single run, which is a failure that must be told as one.
 */
export function finishEvaluation(
  evaluation: Evaluation,
  finish: EvaluationHold & Readonly<{ outcome: EvaluationOutcome; score: number | null; now: Date }>,
): Evaluation {
  const { outcome, score, now } = finish
  requireHold(evaluation, finish)
  if (evaluation.status === outcome.status) return evaluation
  requireStep(evaluation, outcome.status)
  if (outcome.status === 'completed' && score === null) {
    throw refused(evaluation, 'no_runs', 'has no run to be scored by; report an error instead')
  }
  return {
    ...evaluation,
    status: outcome.status,
    terminatedReason: outcome.reason,
    finishedAt: now,
    score,
  }
}

/** The evaluation after its attempt was cut off. @throws StorageError `conflict` unless it runs. */
export function interruptEvaluation(
  evaluation: Evaluation,
  interruption: Readonly<{ status: 'timedout' | 'disconnected'; reason: string; now: Date }>,
): Evaluation {
  const { status, reason, now } = interruption
  requireStep(evaluation, status)
  return { ...evaluation, status, terminatedReason: reason, finishedAt: now, score: null }
}

/**
 * An interrupted evaluation back at its old place in the queue, for the next attempt.
 *
 * @throws StorageError `conflict` unless {@link awaitsNextAttempt}.
 */
export function reopenEvaluation(evaluation: Evaluation): Evaluation {
  requireStep(evaluation, 'waiting')
  if (!awaitsNextAttempt(evaluation)) throw refused(evaluation, 'attempts_over', 'had its last attempt')
  return {
    ...evaluation,
    status: 'waiting',
    attempt: evaluation.attempt + 1,
    terminatedReason: null,
    startedAt: null,
    finishedAt: null,
    score: null,
  }
}

/**
 * An evaluation that is not wanted any more; withdrawing it again gives it unchanged.
 *
 * @throws StorageError `conflict` unless it waits.
 */
export function withdrawEvaluation(
  evaluation: Evaluation,
  withdrawal: Readonly<{ status: 'replaced' | 'cancelled'; reason: string; now: Date }>,
): Evaluation {
  const { status, reason, now } = withdrawal
  if (evaluation.status === status) return evaluation
  requireStep(evaluation, status)
  return { ...evaluation, status, terminatedReason: reason, finishedAt: now }
}

/** Refuses what another validator, or an attempt that is over, says. @throws StorageError `conflict`. */
export function requireHold(evaluation: Evaluation, hold: EvaluationHold): void {
  if (evaluation.validatorHotkey !== hold.validatorHotkey) {
    throw refused(evaluation, 'not_owner', `belongs to ${evaluation.validatorHotkey}`)
  }
  if (evaluation.attempt === hold.attempt) return
  throw refused(evaluation, 'attempt_over', `is at attempt ${evaluation.attempt}, not ${hold.attempt}`)
}

/** Refuses what is only for an evaluation under way. @throws StorageError `conflict`. */
export function requireRunning(evaluation: Evaluation): void {
  if (evaluation.status !== 'running') throw refused(evaluation, 'illegal_step', 'is not running')
}

function requireStep(evaluation: Evaluation, to: EvaluationStatus): void {
  if (mayFollow(evaluation.status, to)) return
  throw refused(evaluation, 'illegal_step', `cannot become ${to}`)
}

function refused(evaluation: Evaluation, reason: string, problem: string): StorageError {
  const { evaluationId, status, attempt } = evaluation
  return new StorageError({
    code: 'conflict',
    message: `evaluation ${evaluationId} (${status}, attempt ${attempt}) ${problem}`,
    details: { reason, evaluationId, status, attempt },
  })
}
