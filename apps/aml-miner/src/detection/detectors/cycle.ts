import type { DetectionContext } from '../detection-context.ts'
import type { Finding } from '../finding.ts'
import { LINKS_PER_PAYMENT, NO_PAYMENT, type PassThroughLinks } from '../graph/pass-through-links.ts'
import { rowsOfPayments } from '../graph/payments.ts'
import { confidenceOfChain } from '../statistics/confidence-of-chance.ts'
import type { WorkBudget } from '../work-budget.ts'

interface Cycle {
  readonly steps: readonly number[]
  readonly expectedByChance: number
}

/**
 * CYCLE_DETECTION: money that comes back to where it started, each hop after the last and carrying the same money on.
 * Of cycles that share a transfer only the most surprising one stays.
 */
export async function detectCycles(context: DetectionContext, links: PassThroughLinks): Promise<Finding[]> {
  const { payments, options, isHub } = context
  const budget = context.budget('CYCLE_DETECTION')
  const cycles: Cycle[] = []
  for (let payment = 0; payment < payments.count && budget.take(); payment++) {
    if (payment % 2048 === 0) await context.checkpoint()
    if (links.next[payment * LINKS_PER_PAYMENT] === NO_PAYMENT) continue
    if (isHub[payments.from[payment] ?? 0] === 1) continue
    const cycle = surestCycleFrom(payment, context, links, budget)
    if (cycle !== null && cycle.expectedByChance <= options.maxExpectedByChance) cycles.push(cycle)
  }
  context.report(budget)
  cycles.sort((a, b) => a.expectedByChance - b.expectedByChance || (a.steps[0] ?? 0) - (b.steps[0] ?? 0))
  const used = new Set<number>()
  const findings: Finding[] = []
  for (const cycle of cycles) {
    if (cycle.steps.some((step) => used.has(step))) continue
    for (const step of cycle.steps) used.add(step)
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
  const { payments, options } = context
  const home = payments.from[first] ?? 0
  const waysHome = (payments.inStart[home + 1] ?? 0) - (payments.inStart[home] ?? 0)
  const path = [first]
  const visited = new Set([home, payments.to[first] ?? 0])
  let surest: Cycle | null = null
  const extend = (step: number, chance: number): void => {
    for (let at = step * LINKS_PER_PAYMENT; at < (step + 1) * LINKS_PER_PAYMENT; at++) {
      const next = links.next[at] ?? NO_PAYMENT
      if (next === NO_PAYMENT || !budget.take()) return
      const product = chance * Math.min(1, links.chance[at] ?? 1)
      const target = payments.to[next] ?? 0
      if (target === home && path.length >= 2) {
        const expectedByChance = product * waysHome
        if (surest === null || expectedByChance < surest.expectedByChance) {
          surest = { steps: [...path, next], expectedByChance }
        }
      } else if (path.length < options.maxCyclePayments - 1 && !visited.has(target)) {
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
  const { payments } = context
  const { steps, expectedByChance } = cycle
  const first = steps[0] ?? 0
  const last = steps[steps.length - 1] ?? 0
  const hours = ((payments.lastMs[last] ?? 0) - (payments.firstMs[first] ?? 0)) / 3_600_000
  const confidence = confidenceOfChain(expectedByChance)
  return {
    typology: 'CYCLE_DETECTION',
    patternType: 'cycle',
    detectionMethod: 'time-respecting cycle of pass-through payments',
    members: steps.map((step, place) => ({
      id: payments.from[step] ?? 0,
      role: place === 0 ? 'origin' : 'hop',
      confidence,
      description: `${place === 0 ? 'Start' : `Hop ${place}`} of a cycle of ${steps.length} payments that brought the money back to ${context.addressOf(payments.from[first] ?? 0)} within ${hours.toFixed(1)} hours.`,
    })),
    rows: rowsOfPayments(payments, steps),
    expectedByChance,
    evidence: { payments: steps.length, durationHours: Math.round(hours * 1000) / 1000 },
    riskIndicators: ['money_laundering_cycle', 'circular_flow', 'fund_obfuscation'],
    suspectedAddressType: 'unknown',
  }
}
