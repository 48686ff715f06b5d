import type { DetectionContext } from '../detection-context.ts'
import type { WorkBudget } from '../work-budget.ts'

/** Successors kept per transfer. */
export const LINKS_PER_ROW = 3

/** No transfer follows. */
export const NO_ROW = 0xffffffff

/**
 * For each transfer into an address, the transfers out of it that most surely carry the same money on: soon after, and
 * of a similar amount. `chance` is how many continuations at least that tight the address's own habits would give.
 */
export interface PassThroughLinks {
  /** The k-th best successor of a row stands at `row * LINKS_PER_ROW + k`; NO_ROW where there is none. */
  readonly next: Uint32Array
  readonly chance: Float64Array
  /** The row whose best link to this row is the surest, NO_ROW if none. */
  readonly bestPrevious: Uint32Array
}

const MAX_CANDIDATES = 48
const LOOSEST_LINK = 0.5
const FEE_SLACK = 1.02
const FINEST_AMOUNT = 0.005

/** Finds the links in one pass. Hubs pass nothing on: of a thousand payments a day each follows each. */
export function findPassThroughLinks(context: DetectionContext, budget: WorkBudget): PassThroughLinks {
  const { graph, options } = context
  const next = new Uint32Array(graph.rowCount * LINKS_PER_ROW).fill(NO_ROW)
  const chance = new Float64Array(graph.rowCount * LINKS_PER_ROW).fill(1)
  const bestPrevious = new Uint32Array(graph.rowCount).fill(NO_ROW)
  const bestChance = new Float64Array(graph.rowCount).fill(1)
  for (let id = 0; id < graph.nodeCount; id++) {
    const degree = (graph.inDegree[id] ?? 0) + (graph.outDegree[id] ?? 0)
    if (degree > options.hubDegree) continue
    if (!linkThrough(id, context, budget, next, chance)) break
  }
  for (let row = 0; row < graph.rowCount; row++) {
    const to = next[row * LINKS_PER_ROW] ?? NO_ROW
    if (to === NO_ROW) continue
    const strength = chance[row * LINKS_PER_ROW] ?? 1
    if (strength < (bestChance[to] ?? 1)) {
      bestChance[to] = strength
      bestPrevious[to] = row
    }
  }
  return { next, chance, bestPrevious }
}

function linkThrough(
  id: number,
  context: DetectionContext,
  budget: WorkBudget,
  next: Uint32Array,
  chance: Float64Array,
): boolean {
  const { graph, options, amounts, resolutionMs, spanMs } = context
  const { outRows, outStart, inRows, inStart, timestampMs } = graph
  const outEnd = outStart[id + 1] ?? 0
  const ratePerMs = (outEnd - (outStart[id] ?? 0)) / spanMs
  let cursor = outStart[id] ?? 0
  for (let at = inStart[id] ?? 0; at < (inStart[id + 1] ?? 0); at++) {
    const row = inRows[at] ?? 0
    const arrived = timestampMs[row] ?? 0
    while (cursor < outEnd && (timestampMs[outRows[cursor] ?? 0] ?? 0) <= arrived) cursor++
    const last = Math.min(outEnd, cursor + MAX_CANDIDATES)
    for (let out = cursor; out < last; out++) {
      if (!budget.take()) return false
      const candidate = outRows[out] ?? 0
      const rest = (timestampMs[candidate] ?? 0) - arrived
      if (rest > options.maxRestMs) break
      const likeness = amountLikeness(amounts.amounts[row] ?? 0, amounts.amounts[candidate] ?? 0, context)
      const expected = ratePerMs * Math.max(rest, resolutionMs) * likeness
      if (expected < LOOSEST_LINK) keepBest(next, chance, row, candidate, expected)
    }
  }
  return true
}

/** Share of all transfers whose amount is as close to the incoming one; 1 without amounts, and 1 when value is lost. */
function amountLikeness(incoming: number, outgoing: number, context: DetectionContext): number {
  const { amounts, options } = context
  if (!amounts.isMeaningful) return 1
  if (outgoing > incoming * FEE_SLACK || outgoing < incoming * options.minPassedShare) {
    return Number.POSITIVE_INFINITY
  }
  const distance = Math.max(FINEST_AMOUNT, Math.abs(1 - outgoing / incoming))
  return amounts.shareWithin(incoming * (1 - distance), incoming * (1 + distance))
}

function keepBest(
  next: Uint32Array,
  chance: Float64Array,
  row: number,
  candidate: number,
  expected: number,
): void {
  let place = candidate
  let value = expected
  for (let at = row * LINKS_PER_ROW; at < (row + 1) * LINKS_PER_ROW; at++) {
    const held = chance[at] ?? 1
    if (next[at] !== NO_ROW && held <= value) continue
    const displaced = next[at] ?? NO_ROW
    next[at] = place
    chance[at] = value
    if (displaced === NO_ROW) return
    place = displaced
    value = held
  }
}
