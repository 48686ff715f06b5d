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

/** A stage of scoring, as latencies are kept. */
export type ScoringStage = 'alertScoring' | 'alertRanking' | 'clusterScoring'

/** How {@link scoreBatch} may be watched and stopped. */
export interface ScoreBatchOptions {
  readonly signal?: AbortSignal
  /** Called at the end of each stage, for whoever measures. */
  readonly onStageEnd?: (stage: ScoringStage) => void
}

/** The versions of the models, as they are stored with every result. */
export function modelVersionsOf(models: ScoringModels): BatchScores['modelVersions'] {
  return {
    alertScorer: models.alertScorer.version,
    alertRanker: models.alertRanker.version,
    clusterScorer: models.clusterScorer.version,
  }
}

/** Scores and ranks a batch; an empty one gives empty lists. Pure: shuffled input gives the same scores and ranks. */
export function scoreBatch(
  input: ScoringInput,
  models: ScoringModels = defaultScoringModels,
  { onStageEnd, signal }: ScoreBatchOptions = {},
): BatchScores {
  const alertScores = models.alertScorer.score(input, signal)
  onStageEnd?.('alertScoring')
  const alertRankings = models.alertRanker.rank(alertScores)
  onStageEnd?.('alertRanking')
  const clusterScores = models.clusterScorer.score(input.clusters ?? [], alertScores)
  onStageEnd?.('clusterScoring')
  return { alertScores, alertRankings, clusterScores, modelVersions: modelVersionsOf(models) }
}
