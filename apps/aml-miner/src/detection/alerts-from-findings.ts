import { createHash } from 'node:crypto'

import { severityOfConfidence } from '@subnetkit/core'

import type { DetectionContext } from './detection-context.ts'
import type { DetectedAlert, DetectedPattern } from './detection-result.ts'
import { type Evidence, MAX_EVIDENCE_HOPS } from './evidence.ts'
import { formatMicroUsd, throughputOfRows, volumeOfRows } from './exact-volume.ts'
import type { Finding, FindingMember } from './finding.ts'
import { nameBasedUuid } from './name-based-uuid.ts'
import { typologies } from './typology.ts'

const FINDINGS_BETWEEN_TURNS = 256

/** Alerts and patterns of a set of findings, with ids that depend on their content only. */
export interface AlertsAndPatterns {
  readonly alerts: DetectedAlert[]
  readonly patterns: DetectedPattern[]
}

/**
 * One alert per member of each finding. Of several findings of one typology an address keeps the surest
 * (`maxAlertsPerAddressAndTypology`); patterns are kept whole. Alerts come out by address, typology, pattern.
 */
export async function alertsFromFindings(
  findings: readonly Finding[],
  context: DetectionContext,
): Promise<AlertsAndPatterns> {
  const patterns: DetectedPattern[] = []
  const candidates: { readonly id: number; readonly alert: DetectedAlert }[] = []
  const seenPatterns = new Set<string>()
  for (const [place, finding] of findings.entries()) {
    if (place % FINDINGS_BETWEEN_TURNS === 0) await context.checkpoint()
    const patternId = finding.patternType === '' ? '' : patternIdOf(finding, context)
    if (patternId !== '' && seenPatterns.has(patternId)) continue
    seenPatterns.add(patternId)
    if (finding.patternType !== '') patterns.push(toPattern(finding, finding.patternType, patternId, context))
    const shared = sharedEvidence(finding, patternId, context)
    for (const member of finding.members) {
      candidates.push({ id: member.id, alert: toAlert(finding, member, patternId, shared, context) })
    }
  }
  candidates.sort(
    (a, b) =>
      a.id - b.id ||
      typologies.indexOf(a.alert.typologyType) - typologies.indexOf(b.alert.typologyType) ||
      b.alert.alertConfidenceScore - a.alert.alertConfidenceScore ||
      compareText(a.alert.patternId, b.alert.patternId),
  )
  const alerts: DetectedAlert[] = []
  let kept = 0
  let previous = ''
  for (const { id, alert } of candidates) {
    const group = `${id} ${alert.typologyType}`
    kept = group === previous ? kept + 1 : 1
    previous = group
    if (kept <= context.options.maxAlertsPerAddressAndTypology) alerts.push(alert)
  }
  patterns.sort((a, b) => compareText(a.patternId, b.patternId))
  return { alerts, patterns }
}

function toAlert(
  finding: Finding,
  member: FindingMember,
  patternId: string,
  shared: Evidence,
  context: DetectionContext,
): DetectedAlert {
  const { input, graph } = context
  const address = context.addressOf(member.id)
  const { network, processingDate, windowDays } = input.window
  const rows = finding.rows.length > 0 ? finding.rows : rowsOfAddress(context, member.id)
  const first = rows[0]
  const last = rows[rows.length - 1]
  const confidence = quantise(member.confidence)
  return {
    alertId: nameBasedUuid([network, processingDate, windowDays, address, finding.typology, patternId]),
    address,
    typologyType: finding.typology,
    patternId,
    patternType: finding.patternType,
    severity: severityOfConfidence(confidence),
    suspectedAddressType: finding.suspectedAddressType,
    suspectedAddressSubtype: '',
    alertConfidenceScore: confidence,
    description: member.description,
    volumeMicroUsd: throughputOfRows(input.transfers, rows, member.id),
    evidence: { role: member.role, ...shared },
    riskIndicators: finding.riskIndicators,
    firstMs: first === undefined ? 0 : (graph.timestampMs[first] ?? 0),
    lastMs: last === undefined ? 0 : (graph.timestampMs[last] ?? 0),
  }
}

function sharedEvidence(finding: Finding, patternId: string, context: DetectionContext): Evidence {
  const { transfers } = context.input
  if (patternId === '') return { method: finding.detectionMethod, ...finding.evidence }
  return {
    method: finding.detectionMethod,
    patternId,
    expectedByChance: quantise(finding.expectedByChance),
    ...finding.evidence,
    totals: {
      addresses: finding.members.length,
      transfers: finding.rows.length,
      volumeUsd: formatMicroUsd(volumeOfRows(transfers, finding.rows)),
    },
    hops: finding.rows.slice(0, MAX_EVIDENCE_HOPS).map((row) => ({
      from: context.addressOf(transfers.from[row] ?? 0),
      to: context.addressOf(transfers.to[row] ?? 0),
      amountUsd: formatMicroUsd(transfers.amountMicroUsd[row] ?? 0n),
      timestampMs: transfers.timestampMs[row] ?? 0,
    })),
  }
}

function toPattern(
  finding: Finding,
  patternType: DetectedPattern['patternType'],
  patternId: string,
  context: DetectionContext,
): DetectedPattern {
  const { transfers } = context.input
  const first = finding.rows[0]
  const last = finding.rows[finding.rows.length - 1]
  return {
    patternId,
    patternType,
    typologyType: finding.typology,
    detectionMethod: finding.detectionMethod,
    members: finding.members.map((member) => ({
      address: context.addressOf(member.id),
      role: member.role,
      confidence: quantise(member.confidence),
    })),
    expectedByChance: finding.expectedByChance,
    transferRows: finding.rows,
    volumeMicroUsd: volumeOfRows(transfers, finding.rows),
    firstMs: first === undefined ? 0 : (transfers.timestampMs[first] ?? 0),
    lastMs: last === undefined ? 0 : (transfers.timestampMs[last] ?? 0),
  }
}

/** Keyed by what the pattern is made of, so that a re-run gives the same id and two patterns never share one. */
function patternIdOf(finding: Finding, context: DetectionContext): string {
  const { network, processingDate, windowDays } = context.input.window
  const { transfers } = context.input
  const hash = createHash('sha256')
  hash.update(
    JSON.stringify([network, processingDate, windowDays, finding.typology, finding.detectionMethod]),
  )
  hash.update(finding.members.map((member) => `${context.addressOf(member.id)} ${member.role}`).join('\n'))
  for (const row of finding.rows) {
    hash.update(
      `\n${transfers.timestampMs[row]} ${context.addressOf(transfers.from[row] ?? 0)} ${context.addressOf(transfers.to[row] ?? 0)} ${transfers.amountMicroUsd[row]}`,
    )
  }
  return `${finding.patternType}_${hash.digest('hex').slice(0, 32)}`
}

function rowsOfAddress(context: DetectionContext, id: number): readonly number[] {
  const { outStart, outRows, inStart, inRows } = context.graph
  const outgoing = outRows.subarray(outStart[id], outStart[id + 1])
  const incoming = inRows.subarray(inStart[id], inStart[id + 1])
  return [...outgoing, ...incoming].sort((a, b) => a - b)
}

function quantise(value: number): number {
  return Math.round(value * 1e9) / 1e9
}

function compareText(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
