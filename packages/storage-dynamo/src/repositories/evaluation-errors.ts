import { StorageError, type Evaluation } from '@subnetkit/core'

/** The error of an evaluation whose version is not known. */
export function unknownVersion(versionId: string): StorageError {
  return new StorageError({
    code: 'not_found',
    message: `agent version ${versionId} is not known; store it before its evaluations`,
    details: { versionId },
  })
}

/** The error of a pair that has another evaluation, or of an id that is another pair's. */
export function otherEvaluation(
  wanted: Pick<Evaluation, 'evaluationId' | 'versionId' | 'validatorHotkey'>,
  holder: string,
): StorageError {
  const { evaluationId, versionId, validatorHotkey } = wanted
  const problem =
    holder === evaluationId
      ? `evaluation ${evaluationId} is another version's or validator's`
      : `version ${versionId} has the evaluation ${holder} by ${validatorHotkey}`
  return new StorageError({
    code: 'conflict',
    message: problem,
    details: { reason: 'other_evaluation', evaluationId: holder, versionId, validatorHotkey },
  })
}

/** The error of a change that always met a newer state. */
export function contention(evaluationId: string, laps: number): StorageError {
  return new StorageError({
    code: 'conflict',
    message: `evaluation ${evaluationId}: other writers were faster ${laps} times in a row`,
    retryable: true,
    details: { evaluationId },
  })
}
