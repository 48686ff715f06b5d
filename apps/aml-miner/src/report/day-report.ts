import type { AlertCluster, Alert, Batch, DailyVolume, Severity, Snapshot } from '@subnetkit/core'

import type { Evaluation } from '../evaluation/evaluate.ts'
import type { Contribution } from '../scoring/alert-scorer.ts'

/** One of the most urgent alerts, with what speaks for it. */
export interface ReportedAlert {
  readonly rank: number
  readonly score: number
  readonly alert: Alert
  readonly base: number
  readonly contributions: readonly Contribution[]
}

/** One of the highest-scoring clusters. */
export interface ReportedCluster {
  readonly score: number
  readonly cluster: AlertCluster
}

/** A miner's day as an operator reads it. */
export interface DayReport {
  readonly batch: Batch
  readonly snapshot: Snapshot
  /** Alerts per score bin: equal bins over [0, 1]. */
  readonly scoreBins: readonly number[]
  /** Alerts per typology, most first. */
  readonly typologies: readonly { readonly typology: string; readonly alerts: number }[]
  readonly severities: Readonly<Record<Severity, number>>
  readonly topAlerts: readonly ReportedAlert[]
  readonly topClusters: readonly ReportedCluster[]
  /** Empty when the day came without transfers. */
  readonly dailyVolumes: readonly DailyVolume[]
  /** Null when no truth was given. */
  readonly evaluation: Evaluation | null
}
