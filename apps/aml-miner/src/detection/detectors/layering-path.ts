import type { DetectionContext } from '../detection-context.ts'
import type { Finding } from '../finding.ts'
import { findPeeledPart } from '../graph/find-peeled-part.ts'
import { isAnchoredAtHub } from '../graph/hub-anchor.ts'
import { LINKS_PER_PAYMENT, NO_PAYMENT, type PassThroughLinks } from '../graph/pass-through-links.ts'
import { rowsOfPayments } from '../graph/payments.ts'
import { confidenceOfChain, confidenceOfChance } from '../statistics/confidence-of-chance.ts'

const ANCHORED_END = 30

const sentences: Readonly<Record<string, string>> = {
  origin: 'Start',
  hop: 'Hop',
  destination: 'End',
  outlet: 'Side outlet',
}

/**
 * LAYERING_PATH and PEEL_CHAIN: money that hops on soon after it arrived, address after address. Each payment takes
 * part in one path at most (its surest continuation, if that one's surest origin is this payment). A path that is
 * part of a cycle is left to the cycle. A peel chain loses a
 * part to somebody else at two hops or more.
 */
export async function detectLayeringPaths(
  context: DetectionContext,
  links: PassThroughLinks,
  cycles: readonly Finding[],
): Promise<Finding[]> {
  const inCycles = new Set(cycles.flatMap((cycle) => cycle.rows))
  const findings: Finding[] = []
  const { payments, options } = context
  for (let payment = 0; payment < payments.count; payment++) {
    if (payment % 4096 === 0) await context.checkpoint()
    if ((links.bestPrevious[payment] ?? NO_PAYMENT) !== NO_PAYMENT) continue
    const path = followPath(payment, links, context)
    if (path.steps.length < options.minPathPayments) continue
    if (rowsOfPayments(payments, path.steps).every((row) => inCycles.has(row))) continue
    const ends = anchoredEnds(path, context)
    if (ends === 2) continue
    const expectedByChance = path.chance * payments.count * (ends === 1 ? ANCHORED_END : 1)
    if (expectedByChance > options.maxExpectedByChance) continue
    findings.push(toFinding(path, expectedByChance, context))
  }
  return findings
}

/** How many ends of the path are a withdrawal from or a deposit into a hub; with both it is an ordinary move. */
function anchoredEnds({ steps }: Path, context: DetectionContext): number {
  const isFromHub = isAnchoredAtHub(context, steps[0] ?? 0, 'origin')
  const isIntoHub = isAnchoredAtHub(context, steps[steps.length - 1] ?? 0, 'destination')
  return (isFromHub ? 1 : 0) + (isIntoHub ? 1 : 0)
}

interface Path {
  readonly steps: readonly number[]
  /** Parts peeled off along the way. */
  readonly peeled: readonly number[]
  readonly chance: number
}

function followPath(start: number, links: PassThroughLinks, context: DetectionContext): Path {
  const { from, to } = context.payments
  const steps = [start]
  const peeled: number[] = []
  const visited = new Set([from[start] ?? 0, to[start] ?? 0])
  let chance = 1
  let payment = start
  for (;;) {
    const link = payment * LINKS_PER_PAYMENT
    const next = links.next[link] ?? NO_PAYMENT
    if (next === NO_PAYMENT || links.bestPrevious[next] !== payment || visited.has(to[next] ?? 0)) break
    const linked = links.peeled[link] ?? NO_PAYMENT
    const part = linked === NO_PAYMENT ? findPeeledPart(context, payment, next) : linked
    if (part !== NO_PAYMENT) peeled.push(part)
    chance *= Math.min(1, links.chance[link] ?? 1)
    visited.add(to[next] ?? 0)
    steps.push(next)
    payment = next
  }
  return { steps, peeled, chance }
}

function toFinding({ steps, peeled }: Path, expectedByChance: number, context: DetectionContext): Finding {
  const { payments, amounts } = context
  const first = steps[0] ?? 0
  const last = steps[steps.length - 1] ?? 0
  const kept = (payments.amount[last] ?? 0) / Math.max(1, payments.amount[first] ?? 0)
  const isPeel = peeled.length >= 2
  const hours = ((payments.lastMs[last] ?? 0) - (payments.firstMs[first] ?? 0)) / 3_600_000
  const confidence = isPeel ? confidenceOfChance(expectedByChance) : confidenceOfChain(expectedByChance)
  const chain = [payments.from[first] ?? 0, ...steps.map((step) => payments.to[step] ?? 0)]
  const outlets = [...new Set(peeled.map((part) => payments.to[part] ?? 0))]
    .filter((id) => !chain.includes(id))
    .sort((a, b) => a - b)
  const roleAt = (place: number): string =>
    place === 0 ? 'origin' : place < steps.length ? 'hop' : place === steps.length ? 'destination' : 'outlet'
  return {
    typology: isPeel ? 'PEEL_CHAIN' : 'LAYERING_PATH',
    patternType: 'layering_path',
    detectionMethod: 'mutually surest pass-through',
    members: [...chain, ...outlets].map((id, place) => ({
      id,
      role: roleAt(place),
      confidence: roleAt(place) === 'hop' ? confidence : confidence * 0.95,
      description: `${sentences[roleAt(place)] ?? ''} of a path of ${steps.length} payments that moved the same money on within ${hours.toFixed(1)} hours.`,
    })),
    rows: rowsOfPayments(payments, new Set([...steps, ...peeled])),
    expectedByChance,
    evidence: {
      payments: steps.length,
      peeledParts: peeled.length,
      durationHours: Math.round(hours * 1000) / 1000,
      keptShare: amounts.isMeaningful ? Math.round(kept * 1e6) / 1e6 : null,
    },
    riskIndicators: isPeel
      ? ['long_chain', 'sequential_transfers', 'low_branching']
      : ['layering_scheme', 'multi_hop_transfer'],
    suspectedAddressType: 'wallet',
  }
}
