import type { DetectionContext } from '../detection-context.ts'
import type { DetectionLabel } from '../detection-input.ts'
import type { Finding } from '../finding.ts'

const CONFIDENCE_AT_NO_SHARE = 0.5
const CONFIDENCE_AT_FULL_SHARE = 0.9

/**
 * PROXIMITY_RISK by labels: addresses that traded directly with one that is labelled high or critical risk, or is
 * blacklisted. The larger the share of their transfers, the surer. Hubs and labelled addresses themselves are left out.
 */
export async function detectProximityToLabels(context: DetectionContext): Promise<Finding[]> {
  const { graph, input } = context
  const labels = input.labels ?? new Map<number, DetectionLabel>()
  const risky = [...labels].filter(([, label]) => isRisky(label)).map(([id]) => id)
  const rowsOfNeighbour = new Map<number, number[]>()
  for (const id of risky.sort((a, b) => a - b)) {
    await context.checkpoint()
    if (context.isHub[id] === 1) continue
    collect(graph.outRows.subarray(graph.outStart[id], graph.outStart[id + 1]), graph.to, rowsOfNeighbour)
    collect(graph.inRows.subarray(graph.inStart[id], graph.inStart[id + 1]), graph.from, rowsOfNeighbour)
  }
  const findings: Finding[] = []
  for (const [id, rows] of [...rowsOfNeighbour].sort(([a], [b]) => a - b)) {
    const label = labels.get(id)
    if (context.isHub[id] === 1 || (label !== undefined && isRisky(label))) continue
    findings.push(
      toFinding(
        id,
        [...new Set(rows)].sort((a, b) => a - b),
        context,
      ),
    )
  }
  return findings
}

function isRisky({ riskLevel, trustLevel }: DetectionLabel): boolean {
  return riskLevel === 'critical' || riskLevel === 'high' || trustLevel === 'blacklisted'
}

function collect(rows: Uint32Array, other: Uint32Array, rowsOfNeighbour: Map<number, number[]>): void {
  for (const row of rows) {
    const neighbour = other[row] ?? 0
    const known = rowsOfNeighbour.get(neighbour)
    if (known === undefined) rowsOfNeighbour.set(neighbour, [row])
    else known.push(row)
  }
}

function toFinding(id: number, rows: readonly number[], context: DetectionContext): Finding {
  const { graph } = context
  const all =
    (graph.outStart[id + 1] ?? 0) -
    (graph.outStart[id] ?? 0) +
    (graph.inStart[id + 1] ?? 0) -
    (graph.inStart[id] ?? 0)
  const share = rows.length / Math.max(1, all)
  return {
    typology: 'PROXIMITY_RISK',
    patternType: 'proximity_risk',
    detectionMethod: 'direct transfers with labelled risk',
    members: [
      {
        id,
        role: 'neighbour',
        confidence: CONFIDENCE_AT_NO_SHARE + (CONFIDENCE_AT_FULL_SHARE - CONFIDENCE_AT_NO_SHARE) * share,
        description: `${rows.length} of ${all} transfers are with addresses labelled as high or critical risk.`,
      },
    ],
    rows,
    expectedByChance: 1,
    evidence: {
      distance: 1,
      transfersWithRisk: rows.length,
      transfers: all,
      share: Math.round(share * 1e6) / 1e6,
    },
    riskIndicators: ['proximity_to_risk', 'risk_contamination', 'guilt_by_association'],
    suspectedAddressType: 'unknown',
  }
}
