import type { AddressLabel } from '../models/address-label.ts'
import type { AlertCluster } from '../models/alert-cluster.ts'
import type { AlertRanking } from '../models/alert-ranking.ts'
import type { AlertScore } from '../models/alert-score.ts'
import type { Alert } from '../models/alert.ts'
import type { Batch } from '../models/batch.ts'
import type { ClusterScore } from '../models/cluster-score.ts'
import type { BatchKey, SnapshotKey } from '../models/day-key.ts'
import type { Feature } from '../models/feature.ts'
import type { MoneyFlow } from '../models/money-flow.ts'
import { decimalSchema, utcDateSchema, type Decimal, type UtcDate } from '../models/scalars.ts'
import type { Snapshot } from '../models/snapshot.ts'
import type { Transfer } from '../models/transfer.ts'

/** A decimal for fixtures. Throws when it is none. */
export function decimal(text: string): Decimal {
  return decimalSchema.parse(text)
}

/** A day for fixtures. Throws when it does not exist. */
export function utcDate(text: string): UtcDate {
  return utcDateSchema.parse(text)
}

let lastId = 0

/** A content id that no earlier call gave: suites share a store and keep apart by it. */
export function newContentId(): string {
  lastId += 1
  return lastId.toString(16).padStart(32, '0')
}

const day = { network: 'torus', processingDate: utcDate('2025-08-01'), windowDays: 30 } as const

/** A snapshot's key of its own. */
export function buildSnapshotKey(change: Partial<SnapshotKey> = {}): SnapshotKey {
  return { ...day, snapshotId: newContentId(), ...change }
}

/** A batch's key of its own. */
export function buildBatchKey(change: Partial<BatchKey> = {}): BatchKey {
  return { ...day, batchId: newContentId(), ...change }
}

/** Numbers as ids that sort like the numbers. */
export function sortableId(prefix: string, number: number): string {
  return `${prefix}${String(number).padStart(6, '0')}`
}

const hash = 'ab'.repeat(32)

/** The `number`-th alert under a key. */
export function buildAlert(key: SnapshotKey, number = 0, change: Partial<Alert> = {}): Alert {
  return {
    ...key,
    alertId: sortableId('alert-', number),
    address: sortableId('5Address', number % 97),
    typologyType: 'STRUCTURING',
    patternId: '',
    patternType: '',
    severity: 'medium',
    suspectedAddressType: 'unknown',
    suspectedAddressSubtype: '',
    alertConfidenceScore: 0.625,
    description: 'amounts just below the threshold',
    volumeUsd: decimal(`${number}.345`),
    evidenceJson: '{"structuring_score":0.75}',
    riskIndicators: ['small_transactions', 'below_threshold'],
    ...change,
  }
}

/** The `number`-th alert cluster under a key. */
export function buildAlertCluster(
  key: SnapshotKey,
  number = 0,
  change: Partial<AlertCluster> = {},
): AlertCluster {
  return {
    ...key,
    clusterId: sortableId('cluster-', number),
    clusterType: 'same_entity',
    primaryAddress: sortableId('5Address', number),
    patternId: '',
    primaryAlertId: sortableId('alert-', number),
    relatedAlertIds: [sortableId('alert-', number), sortableId('alert-', number + 1)],
    addressesInvolved: [sortableId('5Address', number)],
    totalAlerts: 2,
    totalVolumeUsd: decimal(`${number}.5`),
    severityMax: 'high',
    confidenceAvg: 0.75,
    earliestAlertTimestamp: 1_753_920_000_345,
    latestAlertTimestamp: 1_753_920_001_345,
    ...change,
  }
}

/** The `number`-th feature under a key: two names per address. */
export function buildFeature(key: SnapshotKey, number = 0, change: Partial<Feature> = {}): Feature {
  return {
    ...key,
    address: sortableId('5Address', Math.floor(number / 2)),
    featureName: number % 2 === 0 ? 'degree_in' : 'degree_out',
    featureValue: number + 0.1,
    featureMetadata: '',
    ...change,
  }
}

/** The `number`-th money flow under a key. */
export function buildMoneyFlow(key: SnapshotKey, number = 0, change: Partial<MoneyFlow> = {}): MoneyFlow {
  return {
    ...key,
    fromAddress: sortableId('5From', Math.floor(number / 3)),
    toAddress: sortableId('5To', number % 3),
    txCount: number,
    amountUsdSum: decimal(`${number}.25`),
    firstSeen: new Date('2025-07-03T04:05:06.345Z'),
    lastSeen: new Date('2025-07-31T23:59:59.999Z'),
    ...change,
  }
}

/** The `number`-th address label under a key. */
export function buildAddressLabel(
  key: SnapshotKey,
  number = 0,
  change: Partial<AddressLabel> = {},
): AddressLabel {
  return {
    ...key,
    address: sortableId('5Address', Math.floor(number / 2)),
    label: number % 2 === 0 ? 'Exchange: hot wallet' : 'Mixer',
    addressType: 'exchange',
    addressSubtype: '',
    riskLevel: 'low',
    trustLevel: 'verified',
    source: 'fixture',
    confidenceScore: 0.5,
    ...change,
  }
}

/** The `number`-th transfer under a key, a second after the one before. */
export function buildTransfer(key: SnapshotKey, number = 0, change: Partial<Transfer> = {}): Transfer {
  return {
    ...key,
    transferId: sortableId('transfer-', number),
    blockTimestamp: new Date(Date.UTC(2025, 6, 2) + number * 1_000 + 345),
    fromAddress: sortableId('5From', number % 7),
    toAddress: sortableId('5To', number % 5),
    assetSymbol: 'TAO',
    amount: decimal(`${number}.5`),
    amountUsd: decimal(`${number}.000001`),
    ...change,
  }
}

/** The `number`-th alert score under a key: later numbers have lower scores. */
export function buildAlertScore(key: BatchKey, number = 0, change: Partial<AlertScore> = {}): AlertScore {
  return {
    ...key,
    alertId: sortableId('alert-', number),
    score: (1_000_000_000 - Math.floor(number / 2)) / 1_000_000_000,
    modelVersion: 'model-1',
    latencyMs: 0.125,
    explainJson: '{"contributions":[]}',
    inputsHash: hash,
    ...change,
  }
}

/** The `number`-th alert ranking under a key: rank `number` + 1. */
export function buildAlertRanking(
  key: BatchKey,
  number = 0,
  change: Partial<AlertRanking> = {},
): AlertRanking {
  return {
    ...key,
    alertId: sortableId('alert-', number),
    rank: number + 1,
    score: 0.5,
    modelVersion: 'model-1',
    inputsHash: hash,
    ...change,
  }
}

/** The `number`-th cluster score under a key. */
export function buildClusterScore(
  key: BatchKey,
  number = 0,
  change: Partial<ClusterScore> = {},
): ClusterScore {
  return {
    ...key,
    clusterId: sortableId('cluster-', number),
    score: (1_000_000_000 - Math.floor(number / 2)) / 1_000_000_000,
    modelVersion: 'model-1',
    explainJson: '{}',
    inputsHash: hash,
    ...change,
  }
}

/** A completed first attempt. */
export function buildBatch(change: Partial<Batch> = {}): Batch {
  return {
    ...buildBatchKey(),
    attempt: 1,
    snapshotId: newContentId(),
    inputsHash: hash,
    resultsHash: hash,
    status: 'COMPLETED',
    startedAt: new Date('2025-08-01T01:00:00.345Z'),
    processedAt: new Date('2025-08-01T01:00:07.001Z'),
    inputCountsAlerts: 86,
    inputCountsFeatures: 715,
    inputCountsClusters: 25,
    outputCountsAlertScores: 86,
    outputCountsAlertRankings: 86,
    outputCountsClusterScores: 25,
    latenciesMsAlertScoring: 12,
    latenciesMsAlertRanking: 3,
    latenciesMsClusterScoring: 1,
    latenciesMsTotal: 6_656,
    modelVersionsAlertScorer: 'scorer-1',
    modelVersionsAlertRanker: 'ranker-1',
    modelVersionsClusterScorer: 'cluster-1',
    errorMessage: '',
    ...change,
  }
}

/** A published snapshot that is READY. */
export function buildSnapshot(change: Partial<Snapshot> = {}): Snapshot {
  return {
    ...buildSnapshotKey(),
    kind: 'published',
    status: 'READY',
    source: 's3://bucket/snapshots/torus/2025-08-01/30',
    sourceSnapshotId: null,
    producerVersion: '',
    inputsHash: hash,
    countAlerts: 1,
    countFeatures: 2,
    countClusters: 3,
    countMoneyFlows: 4,
    countAddressLabels: 5,
    countTransfers: 6,
    errorMessage: '',
    updatedAt: new Date('2025-08-01T00:30:00.345Z'),
    ...change,
  }
}
