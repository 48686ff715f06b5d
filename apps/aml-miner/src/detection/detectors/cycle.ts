import type { DetectionContext } from '../detection-context.ts'
import type { Finding } from '../finding.ts'
import { LINKS_PER_ROW, NO_ROW, type PassThroughLinks } from '../graph/pass-through-links.ts'
import { confidenceOfChance } from '../statistics/confidence-of-chance.ts'
import type { WorkBudget } from '../work-budget.ts'

interface Cycle {
  readonly rows: readonly number[]
  readonly expectedByChance: number
}

/**
 * CYCLE_DETECTION: money that comes back to where it started, each hop after the last and carrying the same money on.
 * Of cycles that share a transfer only the most surprising one stays.
 */
export function detectCycles(context: DetectionContext, links: PassThroughLinks): Finding[] {
  const { graph, options } = context
  const budget = context.budget('CYCLE_DETECTION')
  const cycles: Cycle[] = []
  for (let row = 0; row < graph.rowCount; row++) {
    if (links.next[row * LINKS_PER_ROW] === NO_ROW) continue
    const cycle = surestCycleFrom(row, context, links, budget)
    if (cycle !== null && cycle.expectedByChance <= options.maxExpectedByChance) cycles.push(cycle)
    if (!budget.take()) break
  }
  const hit = budget.notice()
  if (hit !== null) context.notices.push(hit)
  cycles.sort((a, b) => a.expectedByChance - b.expectedByChance || (a.rows[0] ?? 0) - (b.rows[0] ?? 0))
  const used = new Set<number>()
  const findings: Finding[] = []
  for (const cycle of cycles) {
    if (cycle.rows.some((row) => used.has(row))) continue
    for (const row of cycle.rows) used.add(row)
    findings.push(toFinding(cycle, context))
  }
  return findings
}

function surestCycleFrom(
  first: number,
  context: DetectionContext,
  links: PassThroughLinks,
  budget: WorkBudget,
): Cycle | null {
  const { graph, options } = context
  const home = graph.from[first] ?? 0
  const waysHome = (graph.inStart[home + 1] ?? 0) - (graph.inStart[home] ?? 0)
  const path = [first]
  const visited = new Set([home, graph.to[first] ?? 0])
  let surest: Cycle | null = null
  const extend = (row: number, chance: number): void => {
    for (let at = row * LINKS_PER_ROW; at < (row + 1) * LINKS_PER_ROW; at++) {
      const next = links.next[at] ?? NO_ROW
      if (next === NO_ROW || !budget.take()) return
      const product = chance * Math.min(1, links.chance[at] ?? 1)
      const target = graph.to[next] ?? 0
      if (target === home && path.length >= 2) {
        const expectedByChance = product * waysHome
        if (surest === null || expectedByChance < surest.expectedByChance) {
          surest = { rows: [...path, next], expectedByChance }
        }
      } else if (path.length < options.maxCycleTransfers - 1 && !visited.has(target)) {
        path.push(next)
        visited.add(target)
        extend(next, product)
        visited.delete(target)
        path.pop()
      }
    }
  }
  extend(first, 1)
  return surest
}

function toFinding(cycle: Cycle, context: DetectionContext): Finding {
  const { graph } = context
  const { rows, expectedByChance } = cycle
  const first = rows[0] ?? 0
  const last = rows[rows.length - 1] ?? 0
  const hours = ((graph.timestampMs[last] ?? 0) - (graph.timestampMs[first] ?? 0)) / 3_600_000
  const confidence = confidenceOfChance(expectedByChance)
  return {
    typology: 'CYCLE_DETECTION',
    patternType: 'cycle',
    detectionMethod: 'time-respecting cycle of pass-through transfers',
    members: rows.map((row, place) => ({
      id: graph.from[row] ?? 0,
      role: place === 0 ? 'origin' : 'hop',
      confidence,
      description: `${place === 0 ? 'Start' : `Hop ${place}`} of a cycle of ${rows.length} transfers that brought the money back to ${context.addressOf(graph.from[first] ?? 0)} within ${hours.toFixed(1)} hours.`,
    })),
    rows,
    expectedByChance,
    evidence: { cycleTransfers: rows.length, durationHours: Math.round(hours * 1000) / 1000 },
    riskIndicators: ['money_laundering_cycle', 'circular_flow', 'fund_obfuscation'],
    suspectedAddressType: 'unknown',
  }
}
