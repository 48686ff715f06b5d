import type { DetectionContext } from '../detection-context.ts'
import type { Finding } from '../finding.ts'
import { diffuseSuspicion } from '../graph/diffuse-suspicion.ts'
import { suspectKinship } from '../graph/suspect-kinship.ts'

const SURE_ENOUGH = 0.7
const LEAST_PAIRS_PER_SUSPECT = 0.8
const DEVIATIONS = 3
const HIGHEST_CONFIDENCE = 0.4
const SHOWN_SUSPECTS = 5

/**
 * PROXIMITY_RISK by our own findings: addresses outside of every sure pattern on which the suspicion of their trading
 * partners converges. Off in a window where suspects do not usually have other suspects beside them. Weak evidence each, so the confidence stays below 0.4 and their number below a multiple of the
 * suspects'.
 */
export async function detectProximityToSuspects(
  context: DetectionContext,
  findings: readonly Finding[],
): Promise<Finding[]> {
  const { graph, options } = context
  const suspects = suspectsOf(findings)
  if (suspects.size === 0) return []
  const kinship = suspectKinship(graph, findings, suspects)
  const surplus = kinship.observed - DEVIATIONS * Math.sqrt(kinship.expected)
  const isRare = kinship.observed < LEAST_PAIRS_PER_SUSPECT * suspects.size
  if (isRare || surplus < options.minProximityLift * kinship.expected) {
    context.notices.push({
      code: 'rule_off',
      detector: 'PROXIMITY_RISK',
      message: `diffusion of suspicion is off: ${suspects.size} suspects have ${kinship.observed} relations with each other outside of patterns where ${kinship.expected.toFixed(1)} would be chance, so trading with one says little.`,
    })
    return []
  }
  const reached = diffuseSuspicion(graph, suspects, context.isHub, context.signal)
  await context.checkpoint()
  const ids: number[] = []
  for (let id = 0; id < graph.nodeCount; id++) {
    if (!suspects.has(id) && (reached[id] ?? 0) > 0) ids.push(id)
  }
  ids.sort((a, b) => (reached[b] ?? 0) - (reached[a] ?? 0) || a - b)
  const chosen = ids.slice(0, Math.floor(suspects.size * options.maxProximityPerSuspect))
  const middle = reached[chosen[chosen.length >>> 1] ?? -1] ?? 1
  return chosen.flatMap((id) => {
    const rows = rowsWithSuspects(id, suspects, context)
    if (rows.length === 0) return []
    const amount = reached[id] ?? 0
    return [toFinding(id, rows, (HIGHEST_CONFIDENCE * amount) / (amount + middle), suspects, context)]
  })
}

function suspectsOf(findings: readonly Finding[]): Map<number, number> {
  const suspects = new Map<number, number>()
  for (const { members } of findings) {
    for (const { id, confidence } of members) {
      if (confidence >= SURE_ENOUGH) suspects.set(id, Math.max(confidence, suspects.get(id) ?? 0))
    }
  }
  return new Map([...suspects].sort(([a], [b]) => a - b))
}

function rowsWithSuspects(
  id: number,
  suspects: ReadonlyMap<number, number>,
  context: DetectionContext,
): number[] {
  const { graph } = context
  const sent = Array.from(graph.outRows.subarray(graph.outStart[id], graph.outStart[id + 1]))
  const received = Array.from(graph.inRows.subarray(graph.inStart[id], graph.inStart[id + 1]))
  return [
    ...sent.filter((row) => suspects.has(graph.to[row] ?? 0)),
    ...received.filter((row) => suspects.has(graph.from[row] ?? 0)),
  ].sort((a, b) => a - b)
}

function toFinding(
  id: number,
  rows: readonly number[],
  confidence: number,
  suspects: ReadonlyMap<number, number>,
  context: DetectionContext,
): Finding {
  const { graph } = context
  const partners = [...new Set(rows.flatMap((row) => [graph.from[row] ?? 0, graph.to[row] ?? 0]))]
    .filter((partner) => partner !== id)
    .sort((a, b) => (suspects.get(b) ?? 0) - (suspects.get(a) ?? 0) || a - b)
  return {
    typology: 'PROXIMITY_RISK',
    patternType: 'proximity_risk',
    detectionMethod: 'diffusion of suspicion',
    members: [
      {
        id,
        role: 'neighbour',
        confidence,
        description: `Traded with ${partners.length} ${partners.length === 1 ? 'address that is' : 'addresses that are'} part of suspicious patterns.`,
      },
    ],
    rows,
    expectedByChance: 1,
    evidence: {
      suspiciousPartners: partners.length,
      strongest: partners.slice(0, SHOWN_SUSPECTS).map((partner) => context.addressOf(partner)),
    },
    riskIndicators: ['proximity_to_risk', 'guilt_by_association'],
    suspectedAddressType: 'unknown',
  }
}
