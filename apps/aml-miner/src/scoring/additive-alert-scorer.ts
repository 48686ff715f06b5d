import { createHash } from 'node:crypto'

import { additiveModel } from './additive-model.ts'
import type { AlertScorer, Contribution, ScorableAlert, ScoredAlert } from './alert-scorer.ts'
import { fromNano, NANO, toNano } from './nano-units.ts'

const VOLUME_STEPS_USD = [1_000, 10_000, 100_000, 1_000_000]
const trust: ReadonlyMap<string, number> = new Map(Object.entries(additiveModel.typologyTrust))
const ALERTS_BETWEEN_SIGNAL_CHECKS = 4096

/**
 * The transparent first model: a sum of named parts, each explained by its input. It needs nothing but the alerts, so
 * it works on a published snapshot as on our own detections, and it knows no label.
 */
export const additiveAlertScorer: AlertScorer = {
  version: `additive-${createHash('sha256').update(JSON.stringify(additiveModel)).digest('hex').slice(0, 12)}`,
  score({ alerts }, signal) {
    const evidence = alerts.map(evidenceOf)
    const byAddress = groupEvidence(alerts, evidence, (alert) => alert.address)
    const byPattern = sumEvidence(alerts, evidence)
    return alerts.map((alert, index) => {
      if (index % ALERTS_BETWEEN_SIGNAL_CHECKS === 0) signal?.throwIfAborted()
      const own = evidence[index] ?? 0
      const ofAddress = byAddress.get(alert.address) ?? []
      return scoreOne(alert, own, ofAddress, companionsOf(alert, own, byPattern))
    })
  },
}

interface Evidence {
  readonly alert: ScorableAlert
  readonly nano: number
}

function evidenceOf(alert: ScorableAlert): number {
  const given = alert.alertConfidenceScore
  const confidence = Number.isFinite(given) ? Math.min(1, Math.max(0, given)) : 0
  return toNano(confidence * (trust.get(alert.typologyType) ?? additiveModel.typologyTrust.other))
}

function groupEvidence(
  alerts: readonly ScorableAlert[],
  evidence: readonly number[],
  key: (alert: ScorableAlert) => string,
): Map<string, Evidence[]> {
  const groups = new Map<string, Evidence[]>()
  alerts.forEach((alert, index) => {
    const item = { alert, nano: evidence[index] ?? 0 }
    const group = groups.get(key(alert))
    if (group === undefined) groups.set(key(alert), [item])
    else group.push(item)
  })
  return groups
}

function scoreOne(
  alert: ScorableAlert,
  own: number,
  ofAddress: readonly Evidence[],
  companions: number,
): ScoredAlert {
  const strongest = ofAddress.reduce((most, item) => Math.max(most, item.nano), 0)
  const corroboration = noisyOrOfOthers(ofAddress)
  const steps = VOLUME_STEPS_USD.filter((step) => alert.volumeUsd >= step).length
  const parts: readonly (readonly [string, number, number])[] = [
    ['own_evidence', additiveModel.ownEvidence * fromNano(own), fromNano(own)],
    ['address_evidence', additiveModel.addressEvidence * fromNano(strongest), fromNano(strongest)],
    ['corroborating_typologies', additiveModel.corroboration * corroboration, corroboration],
    ['pattern_companions', additiveModel.companions * companions, companions],
    ['volume_step', (additiveModel.volume * steps) / VOLUME_STEPS_USD.length, steps],
  ]
  return explain(alert.alertId, parts)
}

/** The surest alert of each further typology of the address, joined as if they were independent. */
function noisyOrOfOthers(ofAddress: readonly Evidence[]): number {
  const surest = new Map<string, number>()
  for (const { alert, nano } of ofAddress) {
    surest.set(alert.typologyType, Math.max(nano, surest.get(alert.typologyType) ?? 0))
  }
  const others = [...surest.values()].sort((a, b) => b - a).slice(1)
  return 1 - others.reduce((rest, nano) => rest * (1 - fromNano(nano)), 1)
}

interface EvidenceSum {
  readonly nano: number
  readonly count: number
}

function sumEvidence(
  alerts: readonly ScorableAlert[],
  evidence: readonly number[],
): Map<string, EvidenceSum> {
  const sums = new Map<string, EvidenceSum>()
  alerts.forEach(({ patternId }, index) => {
    const { nano, count } = sums.get(patternId) ?? { nano: 0, count: 0 }
    sums.set(patternId, { nano: nano + (evidence[index] ?? 0), count: count + 1 })
  })
  return sums
}

/** The mean evidence of the other alerts of the same pattern; 0 without a pattern or without others. */
function companionsOf(
  alert: ScorableAlert,
  own: number,
  byPattern: ReadonlyMap<string, EvidenceSum>,
): number {
  const sum = byPattern.get(alert.patternId)
  if (alert.patternId === '' || sum === undefined || sum.count < 2) return 0
  return (sum.nano - own) / (sum.count - 1) / NANO
}

function explain(alertId: string, parts: readonly (readonly [string, number, number])[]): ScoredAlert {
  const baseNano = toNano(additiveModel.base)
  let total = baseNano
  const contributions: Contribution[] = []
  for (const [feature, impact, value] of parts) {
    const nano = Math.min(NANO - total, toNano(impact))
    if (nano === 0) continue
    total += nano
    contributions.push({ feature, impact: fromNano(nano), value })
  }
  const score = fromNano(total)
  return { alertId, score, explanation: { score, base: fromNano(baseNano), contributions } }
}
