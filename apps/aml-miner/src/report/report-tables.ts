import Table from 'cli-table3'

import type { Evaluation } from '../evaluation/evaluate.ts'
import type { DayReport, ReportedAlert, ReportedCluster } from './day-report.ts'
import { showDollars, showScore, showShare } from './number-format.ts'

/** The day as text for a terminal: head line, alerts, clusters, quality where the truth is known. */
export function reportTables(report: DayReport, topCount: number): string {
  const { batch, snapshot } = report
  const head = [
    `${batch.network} ${batch.processingDate}, ${batch.windowDays} days, batch ${batch.batchId}`,
    `${snapshot.countTransfers} transfers, ${batch.outputCountsAlertScores} alerts, ${batch.outputCountsClusterScores} clusters, results ${batch.resultsHash ?? ''}`,
  ]
  const parts = [
    head.join('\n'),
    `Most urgent alerts\n${alertTable(report.topAlerts.slice(0, topCount))}`,
    `Clusters with the highest scores\n${clusterTable(report.topClusters.slice(0, topCount))}`,
  ]
  if (report.evaluation !== null) parts.push(`Against the truth\n${evaluationTable(report.evaluation)}`)
  return parts.join('\n\n')
}

function alertTable(alerts: readonly ReportedAlert[]): string {
  if (alerts.length === 0) return '(none)'
  const table = newTable(['rank', 'score', 'address', 'typology', 'severity', 'volume', 'strongest reason'])
  for (const { alert, contributions, rank, score } of alerts) {
    const reason = contributions.toSorted((a, b) => b.impact - a.impact)[0]
    table.push([
      rank,
      showScore(score),
      printable(alert.address, 26),
      printable(alert.typologyType, 24),
      alert.severity,
      showDollars(alert.volumeUsd),
      reason === undefined ? '' : `${reason.feature} +${showScore(reason.impact)}`,
    ])
  }
  return table.toString()
}

function clusterTable(clusters: readonly ReportedCluster[]): string {
  if (clusters.length === 0) return '(none)'
  const table = newTable(['score', 'kind', 'cluster', 'alerts', 'addresses', 'severity', 'volume'])
  for (const { cluster, score } of clusters) {
    table.push([
      showScore(score),
      printable(cluster.clusterType, 20),
      printable(cluster.clusterId, 36),
      cluster.totalAlerts,
      cluster.addressesInvolved.length,
      cluster.severityMax,
      showDollars(cluster.totalVolumeUsd),
    ])
  }
  return table.toString()
}

function evaluationTable(evaluation: Evaluation): string {
  const table = newTable(['measure', 'value'])
  const auc = (value: number | null): string => (value === null ? '–' : value.toFixed(4))
  table.push(
    ['accounts / planted or fraudulent', `${evaluation.accounts} / ${evaluation.positives}`],
    ['alerts / accounts with an alert', `${evaluation.alerts} / ${evaluation.alertedAccounts}`],
    ['precision at 50 (most urgent alerts)', showShare(evaluation.precisionAt50)],
    ['recall (positives with an alert)', showShare(evaluation.recall)],
    ['recall of patterns (half of the members)', showShare(evaluation.patternRecall)],
    ['AUC of the score, per account', auc(evaluation.auc)],
    ['precision at 100 of the score, per account', showShare(evaluation.accountPrecisionAt100)],
    ['AUC of the plain confidence, per account', auc(evaluation.confidenceAuc)],
    ['precision at 100 of the plain confidence', showShare(evaluation.confidencePrecisionAt100)],
  )
  return table.toString()
}

function newTable(head: string[]): Table.Table {
  return new Table({ head, style: { head: [], border: [], compact: true } })
}

/** Text from outside on a terminal: no control characters, at most `width` characters. */
function printable(text: string, width: number): string {
  const safe = text.replaceAll(/[\p{Cc}\p{Cf}]/gu, '·')
  return safe.length <= width ? safe : `${safe.slice(0, width - 9)}…${safe.slice(-8)}`
}
