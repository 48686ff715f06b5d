import {
  type Alert,
  type AlertCluster,
  type Batch,
  type DayKey,
  type Severity,
  type Snapshot,
  StorageError,
} from '@subnetkit/core'

import { evaluate, type Evaluation, type JudgedAlert } from '../evaluation/evaluate.ts'
import type { Truth } from '../evaluation/truth.ts'
import type { DayReport, ReportedAlert, ReportedCluster } from '../report/day-report.ts'
import { parseExplanation } from '../report/explanation-text.ts'
import { type DayDeps, dayKeyOf, type StepOptions } from './day-steps.ts'
import { getCompletedBatch } from './get-completed-batch.ts'

const SCORE_BINS = 20

/** What a report is told. */
export interface BuildReportParams {
  readonly key: DayKey
  /** Alerts and clusters that are shown, 1–1,000. */
  readonly topCount: number
  readonly truth?: Truth
}

/**
 * Gathers the visible result of a day.
 *
 * @throws InputError when the day has no completed batch.
 */
export async function buildReport(
  deps: DayDeps,
  { key, topCount, truth }: BuildReportParams,
  options: StepOptions,
): Promise<DayReport> {
  const { alertScores, snapshots, transfers } = deps.repositories
  const { signal } = options
  const batch = await getCompletedBatch(deps, key, signal)
  const day = dayKeyOf(batch)
  const snapshot = await snapshots.find({ key: { ...day, snapshotId: batch.snapshotId } }, { signal })
  if (snapshot === null) throw lostSnapshot(batch)
  const shape = await countAlerts(deps, snapshot, options)
  const source = snapshot.sourceSnapshotId
  return {
    batch,
    snapshot,
    scoreBins: await alertScores.countByBin(
      { key: { ...day, batchId: batch.batchId }, bins: SCORE_BINS },
      { signal },
    ),
    ...shape,
    topAlerts: await topAlerts(deps, batch, topCount, options),
    topClusters: await topClusters(deps, batch, topCount, options),
    dailyVolumes:
      source === null
        ? []
        : await transfers.listDailyVolumes({ key: { ...day, snapshotId: source } }, { signal }),
    evaluation: truth === undefined ? null : await evaluateBatch(deps, batch, snapshot, truth, options),
  }
}

async function countAlerts(
  deps: DayDeps,
  snapshot: Snapshot,
  { signal }: StepOptions,
): Promise<Pick<DayReport, 'severities' | 'typologies'>> {
  const key = { ...dayKeyOf(snapshot), snapshotId: snapshot.snapshotId }
  const byTypology = new Map<string, number>()
  const severities: Record<Severity, number> = { low: 0, medium: 0, high: 0, critical: 0 }
  for await (const { severity, typologyType } of deps.repositories.alerts.stream({ key }, { signal })) {
    severities[severity] += 1
    byTypology.set(typologyType, (byTypology.get(typologyType) ?? 0) + 1)
  }
  const typologies = [...byTypology]
    .map(([typology, alerts]) => ({ typology, alerts }))
    .toSorted((a, b) => b.alerts - a.alerts || (a.typology < b.typology ? -1 : 1))
  return { severities, typologies }
}

async function topAlerts(
  deps: DayDeps,
  batch: Batch,
  limit: number,
  { signal }: StepOptions,
): Promise<readonly ReportedAlert[]> {
  const { alertRankings, alerts, alertScores } = deps.repositories
  const batchKey = { ...dayKeyOf(batch), batchId: batch.batchId }
  const snapshotKey = { ...dayKeyOf(batch), snapshotId: batch.snapshotId }
  const { items } = await alertRankings.list({ key: batchKey, limit }, { signal })
  const alertIds = items.map(({ alertId }) => alertId)
  const found = new Map<string, Alert>()
  for (const alert of await alerts.listByIds({ key: snapshotKey, alertIds }, { signal })) {
    found.set(alert.alertId, alert)
  }
  const reported: ReportedAlert[] = []
  for (const { alertId, rank, score } of items) {
    const alert = found.get(alertId)
    const scored = await alertScores.find({ key: batchKey, alertId }, { signal })
    if (alert === undefined || scored === null) continue
    const { base, contributions } = parseExplanation(scored.explainJson)
    reported.push({ rank, score, alert, base, contributions })
  }
  return reported
}

async function topClusters(
  deps: DayDeps,
  batch: Batch,
  limit: number,
  { signal }: StepOptions,
): Promise<readonly ReportedCluster[]> {
  const { alertClusters, clusterScores } = deps.repositories
  const batchKey = { ...dayKeyOf(batch), batchId: batch.batchId }
  const snapshotKey = { ...dayKeyOf(batch), snapshotId: batch.snapshotId }
  const { items } = await clusterScores.list({ key: batchKey, limit }, { signal })
  const clusterIds = items.map(({ clusterId }) => clusterId)
  const found = new Map<string, AlertCluster>()
  for (const cluster of await alertClusters.listByIds({ key: snapshotKey, clusterIds }, { signal })) {
    found.set(cluster.clusterId, cluster)
  }
  return items.flatMap(({ clusterId, score }) => {
    const cluster = found.get(clusterId)
    return cluster === undefined ? [] : [{ score, cluster }]
  })
}

async function evaluateBatch(
  deps: DayDeps,
  batch: Batch,
  snapshot: Snapshot,
  truth: Truth,
  { signal, progress }: StepOptions,
): Promise<Evaluation> {
  const { alertRankings, alerts, features } = deps.repositories
  const snapshotKey = { ...dayKeyOf(snapshot), snapshotId: snapshot.snapshotId }
  progress('comparing with the truth')
  const byId = new Map<string, Pick<Alert, 'address' | 'alertConfidenceScore'>>()
  for await (const { address, alertConfidenceScore, alertId } of alerts.stream(
    { key: snapshotKey },
    { signal },
  )) {
    byId.set(alertId, { address, alertConfidenceScore })
  }
  const ranked: JudgedAlert[] = []
  const batchKey = { ...dayKeyOf(batch), batchId: batch.batchId }
  for await (const { alertId, score } of alertRankings.stream({ key: batchKey }, { signal })) {
    const alert = byId.get(alertId)
    if (alert !== undefined)
      ranked.push({ address: alert.address, score, confidence: alert.alertConfidenceScore })
  }
  const columns = await features.readColumns(
    { key: snapshotKey, featureNames: ['tx_total_count'] },
    { signal },
  )
  return evaluate(ranked, columns.addresses, truth)
}

function lostSnapshot({ batchId, snapshotId }: Batch): StorageError {
  return new StorageError({
    code: 'not_found',
    message: `snapshot ${snapshotId} of batch ${batchId} is gone; run the day again with --force`,
  })
}
