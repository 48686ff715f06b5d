import type { Alert, AlertCluster } from '@subnetkit/core'

import type { DetectionNotice } from './detection-notice.ts'
import type { Evidence } from './evidence.ts'
import type { GraphFeatures } from './graph/graph-features.ts'
import type { PatternType, Typology } from './typology.ts'

/** An alert as the store keeps it, but for the snapshot's key, with its volume and evidence not yet as text. */
export interface DetectedAlert extends Pick<
  Alert,
  | 'alertId'
  | 'address'
  | 'patternId'
  | 'severity'
  | 'suspectedAddressType'
  | 'suspectedAddressSubtype'
  | 'alertConfidenceScore'
  | 'description'
> {
  readonly typologyType: Typology
  readonly patternType: PatternType | ''
  /** Millionths of a US dollar, exact: the sum over the transfers that the alert is about. */
  readonly volumeMicroUsd: bigint
  readonly evidence: Evidence
  readonly riskIndicators: readonly string[]
  /** First and last transfer that the alert is about, ms since 1970; 0 when it is about none. */
  readonly firstMs: number
  readonly lastMs: number
}

/** A cluster of our own alerts. `totalVolumeMicroUsd` counts each transfer once, however many alerts show it. */
export interface DetectedCluster extends Pick<
  AlertCluster,
  | 'clusterId'
  | 'primaryAddress'
  | 'patternId'
  | 'primaryAlertId'
  | 'relatedAlertIds'
  | 'addressesInvolved'
  | 'totalAlerts'
  | 'severityMax'
  | 'confidenceAvg'
  | 'earliestAlertTimestamp'
  | 'latestAlertTimestamp'
> {
  readonly clusterType: 'same_entity' | 'same_pattern' | 'related_network'
  readonly totalVolumeMicroUsd: bigint
}

/** One pattern with all of its members, also those whose alert lost against a stronger one of the same typology. */
export interface DetectedPattern {
  readonly patternId: string
  readonly patternType: PatternType
  readonly typologyType: Typology
  readonly detectionMethod: string
  readonly members: readonly {
    readonly address: string
    readonly role: string
    readonly confidence: number
  }[]
  readonly expectedByChance: number
  readonly transferRows: readonly number[]
  readonly volumeMicroUsd: bigint
  readonly firstMs: number
  readonly lastMs: number
}

/** What {@link detect} found. Lists are in a fixed order: alerts by address, typology and pattern. */
export interface DetectionResult {
  readonly alerts: readonly DetectedAlert[]
  readonly clusters: readonly DetectedCluster[]
  readonly patterns: readonly DetectedPattern[]
  /** One value per address, in the order of `transfers.addresses`. */
  readonly addressFeatures: GraphFeatures
  readonly notices: readonly DetectionNotice[]
  /** False when amounts are all alike: rules on money were off and patterns rest on structure and time. */
  readonly hasMeaningfulAmounts: boolean
}
