import { createHash } from 'node:crypto'

import { type Severity, severityNumbers } from '@subnetkit/core'

import type { DetectionContext } from './detection-context.ts'
import type { DetectedAlert, DetectedCluster, DetectedPattern } from './detection-result.ts'
import { throughputOfRows, volumeOfRows } from './exact-volume.ts'
import { componentsOf } from './graph/components.ts'

interface Gathered {
  readonly clusterType: DetectedCluster['clusterType']
  /** In the order of alerts: by address, typology, pattern. */
  readonly alerts: readonly DetectedAlert[]
  readonly patternId: string
  readonly volumeMicroUsd: bigint
}

/**
 * Clusters of alerts: same_entity (two or more alerts on one address), same_pattern (two or more alerts of one
 * pattern) and related_network (two or more patterns tied by shared addresses). A volume counts each transfer once.
 */
export function clustersFromAlerts(
  alerts: readonly DetectedAlert[],
  patterns: readonly DetectedPattern[],
  context: DetectionContext,
): DetectedCluster[] {
  const { transfers } = context.input
  const patternById = new Map(patterns.map((pattern) => [pattern.patternId, pattern]))
  const rowsOf = (members: readonly DetectedAlert[]): Set<number> => {
    const ids = new Set(members.map((alert) => alert.patternId))
    return new Set([...ids].flatMap((id) => patternById.get(id)?.transferRows ?? []))
  }
  const gathered: Gathered[] = []
  for (const [address, members] of groupBy(alerts, (alert) => alert.address)) {
    if (members.length < 2) continue
    const rows = rowsOf(members)
    const volumeMicroUsd =
      rows.size > 0
        ? throughputOfRows(transfers, rows, context.idOf(address))
        : (members[0]?.volumeMicroUsd ?? 0n)
    gathered.push({ clusterType: 'same_entity', alerts: members, patternId: '', volumeMicroUsd })
  }
  for (const [patternId, members] of groupBy(alerts, (alert) => alert.patternId)) {
    if (patternId === '' || members.length < 2) continue
    const volumeMicroUsd = patternById.get(patternId)?.volumeMicroUsd ?? 0n
    gathered.push({ clusterType: 'same_pattern', alerts: members, patternId, volumeMicroUsd })
  }
  for (const members of relatedAlerts(alerts, patterns)) {
    const volumeMicroUsd = volumeOfRows(transfers, rowsOf(members))
    gathered.push({ clusterType: 'related_network', alerts: members, patternId: '', volumeMicroUsd })
  }
  return gathered.map((cluster) => toCluster(cluster, context)).sort(byClusterId)
}

/** Alerts whose patterns hang together through shared addresses; only groups of at least two patterns. */
function relatedAlerts(
  alerts: readonly DetectedAlert[],
  patterns: readonly DetectedPattern[],
): DetectedAlert[][] {
  const firstPattern = new Map<string, number>()
  const links: [number, number][] = []
  patterns.forEach((pattern, index) => {
    for (const { address } of pattern.members) {
      const other = firstPattern.get(address)
      if (other === undefined) firstPattern.set(address, index)
      else links.push([other, index])
    }
  })
  const component = componentsOf(patterns.length, links)
  const sizes = new Map<number, number>()
  for (const root of component) sizes.set(root, (sizes.get(root) ?? 0) + 1)
  const indexById = new Map(patterns.map((pattern, index) => [pattern.patternId, index]))
  const groups = groupBy(alerts, (alert) => component[indexById.get(alert.patternId) ?? -1] ?? -1)
  return [...groups]
    .filter(([root, members]) => (sizes.get(root) ?? 0) >= 2 && members.length >= 3)
    .map(([, members]) => members)
}

function toCluster(gathered: Gathered, context: DetectionContext): DetectedCluster {
  const { alerts, clusterType, patternId } = gathered
  const { network, processingDate, windowDays } = context.input.window
  const relatedAlertIds = alerts.map((alert) => alert.alertId).sort()
  const addressesInvolved = [...new Set(alerts.map((alert) => alert.address))].sort()
  const hash = createHash('sha256')
    .update(JSON.stringify([network, processingDate, windowDays, clusterType, relatedAlertIds]))
    .digest('hex')
  const surest = alerts.reduce((best, alert) =>
    alert.alertConfidenceScore > best.alertConfidenceScore ? alert : best,
  )
  const timed = alerts.filter((alert) => alert.lastMs > 0)
  const confidences = alerts.map((alert) => Math.round(alert.alertConfidenceScore * 1e9))
  return {
    clusterId: `${clusterType}_${hash.slice(0, 32)}`,
    clusterType,
    primaryAddress: surest.address,
    patternId,
    primaryAlertId: surest.alertId,
    relatedAlertIds,
    addressesInvolved,
    totalAlerts: alerts.length,
    totalVolumeMicroUsd: gathered.volumeMicroUsd,
    severityMax: alerts.reduce<Severity>((worst, alert) => worseOf(worst, alert.severity), 'low'),
    confidenceAvg: Math.round(confidences.reduce((sum, nano) => sum + nano, 0) / alerts.length) / 1e9,
    earliestAlertTimestamp: timed.reduce(
      (first, alert) => Math.min(first, alert.firstMs),
      timed[0]?.firstMs ?? 0,
    ),
    latestAlertTimestamp: timed.reduce((last, alert) => Math.max(last, alert.lastMs), 0),
  }
}

function worseOf(a: Severity, b: Severity): Severity {
  return severityNumbers[a] >= severityNumbers[b] ? a : b
}

function byClusterId(a: DetectedCluster, b: DetectedCluster): number {
  if (a.clusterId === b.clusterId) return 0
  return a.clusterId < b.clusterId ? -1 : 1
}

function groupBy<K, V>(items: readonly V[], key: (item: V) => K): Map<K, V[]> {
  const groups = new Map<K, V[]>()
  for (const item of items) {
    const group = groups.get(key(item))
    if (group === undefined) groups.set(key(item), [item])
    else group.push(item)
  }
  return groups
}
