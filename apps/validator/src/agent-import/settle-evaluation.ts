import {
  cancelRun,
  isOpenRun,
  killRun,
  type Evaluation,
  type EvaluationRun,
  type EvaluationStatus,
} from '@subnetkit/core'

/** What the runs of an evaluation have to know of it. */
export interface RunsEvaluation {
  readonly status: EvaluationStatus
  readonly finishedAt: Date | null
  /** It goes into the queue anew, and its runs with it into the past. */
  readonly isQueued: boolean
}

/** Whether an evaluation of a dump is still to be made. */
export function isUnfinished({ status }: Pick<Evaluation, 'status'>): boolean {
  return status === 'waiting' || status === 'running'
}

const LEFT_OPEN = 'it was left open when its evaluation ended'
const CUT_OFF = 'its attempt was cut off'
const MOVED = 'its evaluation waits anew since it was imported'

/**
 * A run of a dump in a state that is possible here. There, runs that were killed stayed open for ever in evaluations
 * that ended, some were scored without a verdict, and late messages set scored ones back.
 */
export function settleRun(run: EvaluationRun, evaluation: RunsEvaluation): EvaluationRun {
  if (evaluation.isQueued) return withdrawn(run)
  if (run.status === 'cancelled') return { ...run, solved: null, resultScoredAt: null }
  const endedAt = evaluation.finishedAt ?? lastKnown(run)
  if (run.status === 'result_scored' || run.solved !== null) {
    const error = run.solved === null ? (run.error ?? LEFT_OPEN) : run.error
    const resultScoredAt = run.resultScoredAt ?? endedAt
    return { ...run, status: 'result_scored', solved: run.solved ?? false, error, resultScoredAt }
  }
  const open = { ...run, resultScoredAt: null }
  switch (evaluation.status) {
    case 'running':
      return open
    case 'completed':
    case 'error':
      return killRun(open, { reason: LEFT_OPEN, now: endedAt })
    case 'waiting':
    case 'timedout':
    case 'disconnected':
    case 'replaced':
    case 'cancelled':
      return cancelRun(open, CUT_OFF)
  }
}

/** Neither open nor counted: the validator that begins the evaluation anew makes runs of its own. */
function withdrawn(run: EvaluationRun): EvaluationRun {
  const error = isOpenRun(run) ? (run.error ?? CUT_OFF) : (run.error ?? MOVED)
  return { ...run, status: 'cancelled', solved: null, resultScoredAt: null, error }
}

function lastKnown(run: EvaluationRun): Date {
  return run.evalStartedAt ?? run.patchGeneratedAt ?? run.sandboxCreatedAt ?? run.startedAt
}
