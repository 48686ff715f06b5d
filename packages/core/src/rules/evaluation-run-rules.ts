import { isDeepStrictEqual } from 'node:util'

import { StorageError } from '../errors/storage-error.ts'
import { evaluationRunStatuses, type EvaluationRun } from '../models/evaluation-run.ts'

/** Whether a run still waits for its verdict. */
export function isOpenRun({ status }: Pick<EvaluationRun, 'status'>): boolean {
  return status !== 'result_scored' && status !== 'cancelled'
}

/**
 * What is stored after a validator's report on a run. A run never goes back: a report that arrives after a later one
 * changes nothing, times that were known stay known, and a verdict is final.
 *
 * @param stored the run of the same evaluation, attempt and problem, or null.
 * @throws StorageError `invalid_input` when the report contradicts itself; `conflict` with `details.reason` when the
 *   problem has another run in this attempt, or the run ended otherwise.
 */
export function advanceRun(stored: EvaluationRun | null, report: EvaluationRun): EvaluationRun {
  checkReport(report)
  if (stored === null) return report
  if (stored.runId !== report.runId) {
    throw refused(report, 'other_run', `is not the run of its problem, which is ${stored.runId}`)
  }
  if (stored.status === 'cancelled') throw refused(report, 'run_over', 'was cancelled')
  if (rankOf(report) < rankOf(stored)) return stored
  const merged: EvaluationRun = {
    ...report,
    startedAt: stored.startedAt,
    sandboxCreatedAt: report.sandboxCreatedAt ?? stored.sandboxCreatedAt,
    patchGeneratedAt: report.patchGeneratedAt ?? stored.patchGeneratedAt,
    evalStartedAt: report.evalStartedAt ?? stored.evalStartedAt,
  }
  if (isDeepStrictEqual(merged, stored)) return stored
  if (!isOpenRun(stored)) throw refused(report, 'run_over', 'has another verdict already')
  return merged
}

/** An open run that its validator killed or left behind: it did not solve its problem. One that ended stays as it is. */
export function killRun(run: EvaluationRun, kill: Readonly<{ reason: string; now: Date }>): EvaluationRun {
  if (!isOpenRun(run)) return run
  const error = run.error ?? kill.reason
  return { ...run, status: 'result_scored', solved: false, error, resultScoredAt: kill.now }
}

/** An open run whose attempt was interrupted: it has no verdict. One that ended stays as it is. */
export function cancelRun(run: EvaluationRun, reason: string): EvaluationRun {
  return isOpenRun(run) ? { ...run, status: 'cancelled', error: run.error ?? reason } : run
}

/** A verdict and its time come together with the last stage, and only with it. */
function checkReport(report: EvaluationRun): void {
  const isScored = report.status === 'result_scored'
  if (report.status === 'cancelled') {
    throw contradiction(report, 'status', 'cancelled is not for a validator to say')
  }
  if ((report.solved !== null) !== isScored) {
    throw contradiction(report, 'solved', `${report.solved} does not go with ${report.status}`)
  }
  if ((report.resultScoredAt !== null) !== isScored) {
    throw contradiction(report, 'resultScoredAt', `must be given with result_scored and only with it`)
  }
}

function rankOf({ status }: EvaluationRun): number {
  return evaluationRunStatuses.indexOf(status)
}

function contradiction({ runId }: EvaluationRun, field: string, problem: string): StorageError {
  return new StorageError({
    code: 'invalid_input',
    message: `run ${runId}: ${field}: ${problem}`,
    details: { field, runId },
  })
}

function refused({ runId, attempt }: EvaluationRun, reason: string, problem: string): StorageError {
  return new StorageError({
    code: 'conflict',
    message: `run ${runId} of attempt ${attempt} ${problem}`,
    details: { reason, runId, attempt },
  })
}
