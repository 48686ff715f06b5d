import { type AlertRanker, type RankedAlert, scoreOrderRanker } from './alert-ranker.ts'
import type { AlertScorer, ScoredAlert, ScoringInput } from './alert-scorer.ts'
import { additiveAlertScorer } from './additive-alert-scorer.ts'
import { type ClusterScorer, memberClusterScorer, type ScoredCluster } from './cluster-scorer.ts'

/** The three models of a batch. */
export interface ScoringModels {
  readonly alertScorer: AlertScorer
  readonly alertRanker: AlertRanker
  readonly clusterScorer: ClusterScorer
}

/** The models that work with nothing but the batch itself. */
export const defaultScoringModels: ScoringModels = {
  alertScorer: additiveAlertScorer,
  alertRanker: scoreOrderRanker,
  clusterScorer: memberClusterScorer,
}

/** One score and one rank per alert, one score per cluster. */
export interface BatchScores {
  readonly alertScores: readonly ScoredAlert[]
  readonly alertRankings: readonly RankedAlert[]
  readonly clusterScores: readonly ScoredCluster[]
  readonly modelVersions: {
    readonly alertScorer: string
    readonly alertRanker: string
    readonly clusterScorer: string
  }
}

/** Scores and ranks a batch; an empty one gives empty lists. Pure: shuffled input gives the same scores and ranks. */
export function scoreBatch(
  input: ScoringInput,
  models: ScoringModels = defaultScoringModels,
  signal?: AbortSignal,
): BatchScores {
  const alertScores = models.alertScorer.score(input, signal)
  return {
    alertScores,
    alertRankings: models.alertRanker.rank(alertScores),
    clusterScores: models.clusterScorer.score(input.clusters ?? [], alertScores),
    modelVersions: {
      alertScorer: models.alertScorer.version,
      alertRanker: models.alertRanker.version,
      clusterScorer: models.clusterScorer.version,
    },
  }
}
