import type { DetectionContext } from '../detection-context.ts'
import { HIGHEST_PASSED_SHARE } from './pass-through-links.ts'

/** The money that left after a collection, or came in before a distribution. */
export interface ThroughFlow {
  readonly payments: readonly number[]
  /** What went on as a share of what came in; null without amounts. */
  readonly share: number | null
  /** How many such matches the address's own habits would give. */
  readonly chance: number
}

const SMALLEST_SHARE = 0.85
const FINEST_FEE = 0.01
const MAX_CANDIDATES = 32

/**
 * Where did a collected sum go? The payment, or all payments together, that left within the longest rest and carried it
 * on, less a fee. Null when nothing fits: then the sum stayed, as it does for shops and savers.
 */
export function findExit(
  context: DetectionContext,
  id: number,
  sum: number,
  fromMs: number,
): ThroughFlow | null {
  const { payments } = context
  const own = payments.out.subarray(payments.outStart[id], payments.outStart[id + 1])
  const after = Array.from(own).filter((payment) => isWithin(context, payment, fromMs, 'after'))
  return bestMatch(context, after.slice(0, MAX_CANDIDATES), own.length, (out) => out / sum)
}

/** Where did a distributed sum come from? The mirror image of {@link findExit}; a withdrawal from a hub counts. */
export function findFunding(
  context: DetectionContext,
  id: number,
  sum: number,
  beforeMs: number,
): ThroughFlow | null {
  const { payments } = context
  const own = payments.in.subarray(payments.inStart[id], payments.inStart[id + 1])
  const before = Array.from(own).filter((payment) => isWithin(context, payment, beforeMs, 'before'))
  return bestMatch(context, before.slice(-MAX_CANDIDATES), own.length, (funds) => sum / funds)
}

function isWithin(context: DetectionContext, payment: number, ms: number, side: 'after' | 'before'): boolean {
  const { payments, options, isHub } = context
  const rest = side === 'after' ? (payments.firstMs[payment] ?? 0) - ms : ms - (payments.lastMs[payment] ?? 0)
  const isKnownEnd = side === 'before' || isHub[payments.to[payment] ?? 0] === 0
  return rest >= 0 && rest <= options.maxFanRestMs && isKnownEnd
}

function bestMatch(
  context: DetectionContext,
  candidates: readonly number[],
  all: number,
  shareOf: (sum: number) => number,
): ThroughFlow | null {
  const { payments, amounts, options, spanMs } = context
  const prompt = (all * options.maxFanRestMs) / spanMs
  const sets = candidates.length > 1 ? [...candidates.map((one) => [one]), candidates] : [candidates]
  let best: ThroughFlow | null = null
  for (const set of sets) {
    if (set.length === 0) continue
    if (!amounts.isMeaningful) {
      if (best === null) best = { payments: set, share: null, chance: Math.min(1, prompt) }
      continue
    }
    const sum = set.reduce((total, payment) => total + (payments.amount[payment] ?? 0), 0)
    const share = shareOf(sum)
    if (!(share >= SMALLEST_SHARE && share <= HIGHEST_PASSED_SHARE)) continue
    const fee = Math.max(FINEST_FEE, 1 - share)
    const chance = prompt * amounts.shareWithin(sum * (1 - fee), sum * HIGHEST_PASSED_SHARE)
    if (best === null || chance < best.chance) best = { payments: set, share, chance }
  }
  return best
}
