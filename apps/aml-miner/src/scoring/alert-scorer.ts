import type { Alert, AlertCluster, FeatureColumns } from '@subnetkit/core'

/** What a scorer may know of an alert, whether it is our own or a published one. No label is among it. */
export type ScorableAlert = Pick<
  Alert,
  'alertId' | 'address' | 'typologyType' | 'patternId' | 'severity' | 'alertConfidenceScore'
> & {
  /** US dollars, for steps of size only; 0 when unknown. */
  readonly volumeUsd: number
}

/** What a scorer may know of a cluster. */
export type ScorableCluster = Pick<
  AlertCluster,
  'clusterId' | 'clusterType' | 'primaryAlertId' | 'relatedAlertIds' | 'addressesInvolved' | 'confidenceAvg'
>

/** One batch. Features may lack any column and any address; clusters may be none. */
export interface ScoringInput {
  readonly alerts: readonly ScorableAlert[]
  readonly features?: FeatureColumns
  readonly clusters?: readonly ScorableCluster[]
}

/** One named part of a score. */
export interface Contribution {
  readonly feature: string
  /** What it adds to the score; a multiple of 1e-9, negative where it speaks against. */
  readonly impact: number
  /** The input's own value. */
  readonly value: number
}

/** Why a score is what it is: in billionths, base plus all impacts is the score, exactly. */
export interface Explanation {
  readonly score: number
  readonly base: number
  /** In the model's fixed order; parts that add nothing are left out. */
  readonly contributions: readonly Contribution[]
}

/** The score of one alert, in [0, 1], a multiple of 1e-9. */
export interface ScoredAlert {
  readonly alertId: string
  readonly score: number
  readonly explanation: Explanation
}

/** A model that scores alerts. The result is in the order of the given alerts and does not depend on that order. */
export interface AlertScorer {
  /** Derived from the model's content: two models that can differ in a score differ in their version. */
  readonly version: string
  score(input: ScoringInput, signal?: AbortSignal): readonly ScoredAlert[]
}
