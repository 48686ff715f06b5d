import type { DetectionContext } from '../detection-context.ts'
import { HIGHEST_PASSED_SHARE, NO_PAYMENT } from './pass-through-links.ts'

const LARGEST_PEEL_SHARE = 0.3
const LONGEST_LAG_MS = 6 * 3_600_000
const LEAST_EXPLAINED = 0.96

/**
 * A smaller payment to somebody else that left the same hop at about the same time and explains what is missing from
 * the sum that went on; NO_PAYMENT if there is none, or if nothing is missing.
 */
export function findPeeledPart(context: DetectionContext, incoming: number, next: number): number {
  const { payments, amounts, isHub } = context
  if (!amounts.isMeaningful) return NO_PAYMENT
  const sum = payments.amount[incoming] ?? 0
  const main = payments.amount[next] ?? 0
  const arrived = payments.lastMs[incoming] ?? 0
  const leftMs = payments.lastMs[next] ?? 0
  const hop = payments.to[incoming] ?? 0
  let best = NO_PAYMENT
  let bestDistance = 1
  for (let at = payments.outStart[hop] ?? 0; at < (payments.outStart[hop + 1] ?? 0); at++) {
    const other = payments.out[at] ?? 0
    const ms = payments.firstMs[other] ?? 0
    const part = payments.amount[other] ?? 0
    if (other === next || ms <= arrived || ms > leftMs + LONGEST_LAG_MS) continue
    if (part > main * LARGEST_PEEL_SHARE || isHub[payments.to[other] ?? 0] === 1) continue
    const explained = (main + part) / sum
    const distance = Math.abs(1 - explained)
    if (explained < LEAST_EXPLAINED || explained > HIGHEST_PASSED_SHARE || distance >= bestDistance) continue
    if (distance >= Math.abs(1 - main / sum)) continue
    best = other
    bestDistance = distance
  }
  return best
}
