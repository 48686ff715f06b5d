import type { Evaluation } from '../models/evaluation.ts'
import type { EvaluationRun } from '../models/evaluation-run.ts'

/**
 * The score of an evaluation: the solved share of its attempt's runs. A run without verdict counts as unsolved, so that
 * hanging on a hard problem gains nothing; cancelled ones count for nothing. Null without any run.
 */
export function evaluationScoreOf(
  evaluation: Pick<Evaluation, 'evaluationId' | 'attempt'>,
  runs: readonly Pick<EvaluationRun, 'evaluationId' | 'attempt' | 'status' | 'solved'>[],
): number | null {
  const counted = runs.filter(
    (run) =>
      run.evaluationId === evaluation.evaluationId &&
      run.attempt === evaluation.attempt &&
      run.status !== 'cancelled',
  )
  if (counted.length === 0) return null
  return counted.filter(({ solved }) => solved === true).length / counted.length
}

/**
 * The score of a version: the mean over its completed evaluations that have one. Without any it keeps `stored`: an
 * interrupted or failed evaluation never moves it. Summed in the order of validators, so that the order in which
 * evaluations are read does not show in the last digit.
 */
export function versionScoreOf(
  evaluations: readonly Pick<Evaluation, 'status' | 'score' | 'validatorHotkey'>[],
  stored: number | null,
): number | null {
  const scores = evaluations
    .filter(({ status }) => status === 'completed')
    .toSorted((a, b) => (a.validatorHotkey < b.validatorHotkey ? -1 : 1))
    .flatMap(({ score }) => score ?? [])
  if (scores.length === 0) return stored
  return scores.reduce((sum, score) => sum + score, 0) / scores.length
}
