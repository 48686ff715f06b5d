import type { DetectionContext } from '../detection-context.ts'
import type { WorkBudget } from '../work-budget.ts'

/** Successors kept per payment. */
export const LINKS_PER_PAYMENT = 3

/** No payment follows. */
export const NO_PAYMENT = 0xffffffff

/**
 * For each payment into an address, the payments out of it that most surely carry the same money on: soon after and of
 * the same sum, less a fee, or less a part that is peeled off to somebody else at the same time. `chance` is how many
 * continuations at least that tight the address's own habits would give.
 */
export interface PassThroughLinks {
  /** The k-th best successor stands at `payment * LINKS_PER_PAYMENT + k`; NO_PAYMENT where there is none. */
  readonly next: Uint32Array
  readonly chance: Float64Array
  /** The part that was peeled off beside this successor, NO_PAYMENT if none was. */
  readonly peeled: Uint32Array
  /** The payment whose best successor is this one, and surest so; NO_PAYMENT if none. */
  readonly bestPrevious: Uint32Array
}

const MAX_CANDIDATES = 24
const LOOSEST_LINK = 0.5
/** Above 1 because the dollar value of a coin moves between two hops. */
export const HIGHEST_PASSED_SHARE = 1.02
const FINEST_FEE = 0.01
const REPEATED_RELATION = 4
const LARGEST_PEEL_SHARE = 0.3

/** Finds the links in one pass over the addresses that are not hubs. */
export async function findPassThroughLinks(
  context: DetectionContext,
  budget: WorkBudget,
): Promise<PassThroughLinks> {
  const { graph, payments, isHub } = context
  const links: PassThroughLinks = {
    next: new Uint32Array(payments.count * LINKS_PER_PAYMENT).fill(NO_PAYMENT),
    chance: new Float64Array(payments.count * LINKS_PER_PAYMENT).fill(1),
    peeled: new Uint32Array(payments.count * LINKS_PER_PAYMENT).fill(NO_PAYMENT),
    bestPrevious: new Uint32Array(payments.count).fill(NO_PAYMENT),
  }
  for (let id = 0; id < graph.nodeCount; id++) {
    if (id % 512 === 0) await context.checkpoint()
    if (isHub[id] === 0 && !linkThrough(id, context, budget, links)) break
  }
  const bestChance = new Float64Array(payments.count).fill(1)
  for (let payment = 0; payment < payments.count; payment++) {
    const next = links.next[payment * LINKS_PER_PAYMENT] ?? NO_PAYMENT
    const chance = links.chance[payment * LINKS_PER_PAYMENT] ?? 1
    if (next === NO_PAYMENT || chance >= (bestChance[next] ?? 1)) continue
    bestChance[next] = chance
    links.bestPrevious[next] = payment
  }
  return links
}

function linkThrough(
  id: number,
  context: DetectionContext,
  budget: WorkBudget,
  links: PassThroughLinks,
): boolean {
  const { payments, options, isHub } = context
  const out = payments.out.subarray(payments.outStart[id], payments.outStart[id + 1])
  for (let at = payments.inStart[id] ?? 0; at < (payments.inStart[id + 1] ?? 0); at++) {
    const incoming = payments.in[at] ?? 0
    if (isHub[payments.from[incoming] ?? 0] === 1) continue
    const arrived = payments.lastMs[incoming] ?? 0
    const first = firstAfter(out, payments.firstMs, arrived)
    const last = Math.min(out.length, first + MAX_CANDIDATES)
    for (let index = first; index < last; index++) {
      if (!budget.take()) return false
      const candidate = out[index] ?? 0
      if ((payments.firstMs[candidate] ?? 0) - arrived > options.maxRestMs) break
      if (isHub[payments.to[candidate] ?? 0] === 1) continue
      const single = chanceOfLink(context, incoming, candidate, out.length, payments.amount[candidate] ?? 0)
      if (single < LOOSEST_LINK) keepBest(links, incoming, candidate, single, NO_PAYMENT)
      else if (!linkWithPeel(context, budget, links, incoming, candidate, out, first, last)) return false
    }
  }
  return true
}

/** Looks for a smaller payment to somebody else that together with the candidate makes up the sum. */
function linkWithPeel(
  context: DetectionContext,
  budget: WorkBudget,
  links: PassThroughLinks,
  incoming: number,
  candidate: number,
  out: Uint32Array,
  first: number,
  last: number,
): boolean {
  const { payments, amounts, options } = context
  const main = payments.amount[candidate] ?? 0
  if (!amounts.isMeaningful || main > (payments.amount[incoming] ?? 0)) return true
  for (let index = first; index < last; index++) {
    if (!budget.take()) return false
    const other = out[index] ?? 0
    const part = payments.amount[other] ?? 0
    if (payments.to[other] === payments.to[candidate] || part > main * LARGEST_PEEL_SHARE) continue
    if ((payments.firstMs[other] ?? 0) - (payments.lastMs[incoming] ?? 0) > options.maxRestMs) break
    const chance = chanceOfLink(context, incoming, candidate, out.length, main + part) * (last - first)
    if (chance < LOOSEST_LINK) keepBest(links, incoming, candidate, chance, other)
  }
  return true
}

/** How many payments that prompt, that alike and that unusual the address would send by its own habits. */
function chanceOfLink(
  context: DetectionContext,
  incoming: number,
  candidate: number,
  outgoing: number,
  passed: number,
): number {
  const { payments, amounts, options, resolutionMs, spanMs } = context
  const rest = (payments.firstMs[candidate] ?? 0) - (payments.lastMs[incoming] ?? 0)
  const known =
    (payments.ofPair[incoming] === 1 ? 1 : REPEATED_RELATION) *
    (payments.ofPair[candidate] === 1 ? 1 : REPEATED_RELATION)
  const prompt = (outgoing / spanMs) * Math.max(rest, resolutionMs) * known
  if (!amounts.isMeaningful) return prompt
  const sum = payments.amount[incoming] ?? 0
  const share = passed / sum
  if (!(share >= options.minPassedShare && share <= HIGHEST_PASSED_SHARE)) return Number.POSITIVE_INFINITY
  const fee = Math.max(FINEST_FEE, Math.abs(1 - share))
  const likeness = amounts.shareWithin(sum * (1 - fee), sum * (1 + fee))
  return prompt * likeness * 2 * shareAtLeast(context, payments.to[incoming] ?? 0, passed)
}

/** How usual a sum this large is among the address's own payments: near 0 for the largest of many, near 1 for small. */
function shareAtLeast(context: DetectionContext, id: number, sum: number): number {
  const { payments } = context
  const first = payments.outStart[id] ?? 0
  const end = payments.outStart[id + 1] ?? 0
  let atLeast = 0
  for (let at = first; at < end; at++)
    if ((payments.amount[payments.out[at] ?? 0] ?? 0) >= sum * 0.8) atLeast++
  return atLeast / (end - first + 1)
}

function firstAfter(out: Uint32Array, firstMs: Float64Array, ms: number): number {
  let low = 0
  let high = out.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((firstMs[out[middle] ?? 0] ?? 0) <= ms) low = middle + 1
    else high = middle
  }
  return low
}

function keepBest(
  links: PassThroughLinks,
  payment: number,
  candidate: number,
  expected: number,
  peel: number,
): void {
  let place = candidate
  let value = expected
  let part = peel
  const first = payment * LINKS_PER_PAYMENT
  for (let at = first; at < first + LINKS_PER_PAYMENT; at++) {
    const held = links.chance[at] ?? 1
    const displaced = links.next[at] ?? NO_PAYMENT
    const displacedPart = links.peeled[at] ?? NO_PAYMENT
    if (displaced === place && held <= value) return
    if (displaced !== NO_PAYMENT && held <= value) continue
    links.next[at] = place
    links.chance[at] = value
    links.peeled[at] = part
    if (displaced === NO_PAYMENT || displaced === candidate) return
    place = displaced
    value = held
    part = displacedPart
  }
}
