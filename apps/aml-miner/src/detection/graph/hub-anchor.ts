import type { DetectionContext } from '../detection-context.ts'
import { HIGHEST_PASSED_SHARE } from './pass-through-links.ts'

const SMALLEST_SHARE = 0.88

/**
 * Did the sum of this payment come straight from a hub, or go straight into one? Then that end of a path is an ordinary
 * withdrawal or deposit: people move their own money between their wallets and an exchange all day.
 */
export function isAnchoredAtHub(
  context: DetectionContext,
  payment: number,
  end: 'origin' | 'destination',
): boolean {
  const { payments, options, isHub, amounts } = context
  const isOrigin = end === 'origin'
  const id = (isOrigin ? payments.from : payments.to)[payment] ?? 0
  const own = isOrigin
    ? payments.in.subarray(payments.inStart[id], payments.inStart[id + 1])
    : payments.out.subarray(payments.outStart[id], payments.outStart[id + 1])
  const other = isOrigin ? payments.from : payments.to
  const sum = payments.amount[payment] ?? 0
  return own.some((candidate) => {
    if (isHub[other[candidate] ?? 0] === 0) return false
    const rest = isOrigin
      ? (payments.firstMs[payment] ?? 0) - (payments.lastMs[candidate] ?? 0)
      : (payments.firstMs[candidate] ?? 0) - (payments.lastMs[payment] ?? 0)
    if (rest < 0 || rest > options.maxRestMs) return false
    const share = isOrigin ? sum / (payments.amount[candidate] ?? 0) : (payments.amount[candidate] ?? 0) / sum
    return !amounts.isMeaningful || (share >= SMALLEST_SHARE && share <= HIGHEST_PASSED_SHARE)
  })
}
