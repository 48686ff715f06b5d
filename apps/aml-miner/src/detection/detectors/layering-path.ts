import type { DetectionContext } from '../detection-context.ts'
import type { Finding } from '../finding.ts'
import { LINKS_PER_ROW, NO_ROW, type PassThroughLinks } from '../graph/pass-through-links.ts'
import { confidenceOfChance } from '../statistics/confidence-of-chance.ts'

const PEELED_SHARE = 0.9

/**
 * LAYERING_PATH and PEEL_CHAIN: money that hops on soon after it arrived, address after address. Each transfer takes
 * part in one path at most (its surest continuation, if that one's surest origin is this transfer).
 */
export function detectLayeringPaths(context: DetectionContext, links: PassThroughLinks): Finding[] {
  const findings: Finding[] = []
  const { graph, options } = context
  for (let row = 0; row < graph.rowCount; row++) {
    if ((links.bestPrevious[row] ?? NO_ROW) !== NO_ROW) continue
    const path = followPath(row, links, context)
    if (path.rows.length < options.minPathTransfers) continue
    const expectedByChance = path.chance * graph.rowCount
    if (expectedByChance > options.maxExpectedByChance) continue
    findings.push(toFinding(path.rows, expectedByChance, context))
  }
  return findings
}

function followPath(
  start: number,
  links: PassThroughLinks,
  context: DetectionContext,
): { readonly rows: number[]; readonly chance: number } {
  const { from, to } = context.graph
  const rows = [start]
  const visited = new Set([from[start] ?? 0, to[start] ?? 0])
  let chance = 1
  let row = start
  for (;;) {
    const next = links.next[row * LINKS_PER_ROW] ?? NO_ROW
    if (next === NO_ROW || links.bestPrevious[next] !== row || visited.has(to[next] ?? 0)) break
    chance *= Math.min(1, links.chance[row * LINKS_PER_ROW] ?? 1)
    visited.add(to[next] ?? 0)
    rows.push(next)
    row = next
  }
  return { rows, chance }
}

function toFinding(rows: readonly number[], expectedByChance: number, context: DetectionContext): Finding {
  const { graph, amounts } = context
  const first = rows[0] ?? 0
  const last = rows[rows.length - 1] ?? 0
  const kept = (amounts.amounts[last] ?? 0) / Math.max(1, amounts.amounts[first] ?? 0)
  const isPeel = amounts.isMeaningful && rows.length >= 4 && kept < PEELED_SHARE
  const hours = ((graph.timestampMs[last] ?? 0) - (graph.timestampMs[first] ?? 0)) / 3_600_000
  const confidence = confidenceOfChance(expectedByChance)
  const ids = [graph.from[first] ?? 0, ...rows.map((row) => graph.to[row] ?? 0)]
  return {
    typology: isPeel ? 'PEEL_CHAIN' : 'LAYERING_PATH',
    patternType: 'layering_path',
    detectionMethod: 'mutually surest pass-through',
    members: ids.map((id, place) => {
      const role = place === 0 ? 'origin' : place === ids.length - 1 ? 'destination' : 'hop'
      return {
        id,
        role,
        confidence: role === 'hop' ? confidence : confidence * 0.9,
        description: `${role === 'origin' ? 'Start' : role === 'hop' ? 'Hop' : 'End'} of a path of ${rows.length} transfers that moved the same money on within ${hours.toFixed(1)} hours.`,
      }
    }),
    rows,
    expectedByChance,
    evidence: {
      pathTransfers: rows.length,
      durationHours: Math.round(hours * 1000) / 1000,
      keptShare: amounts.isMeaningful ? Math.round(kept * 1e6) / 1e6 : null,
    },
    riskIndicators: isPeel
      ? ['long_chain', 'sequential_transfers', 'low_branching']
      : ['layering_scheme', 'multi_hop_transfer'],
    suspectedAddressType: 'wallet',
  }
}
