import { InputError } from '@subnetkit/core'

/** One billionth: scores are whole numbers of these while they are computed, so that sums and ties are exact. */
export const NANO = 1_000_000_000

const NANO_WIDE = 1_000_000_000n

/** `part / whole` in billionths, rounded to the nearest, a half upwards. Both are whole numbers from 0 to 2^53, `whole` ≥ 1. */
export function ratioNano(part: number, whole: number): number {
  const wide = BigInt(whole)
  return Number((2n * BigInt(part) * NANO_WIDE + wide) / (2n * wide))
}

/** The product of two numbers of billionths, in billionths, rounded to the nearest. */
export function productNano(one: number, other: number): number {
  return Number((BigInt(one) * BigInt(other) + NANO_WIDE / 2n) / NANO_WIDE)
}

/** Billionths as the number that is stored. */
export function fromNano(nano: number): number {
  return nano / NANO
}

/**
 * A share that was computed elsewhere, in billionths.
 *
 * @throws InputError when it is not in [0, 1]: what is not a number is no score.
 */
export function shareToNano(field: string, value: number): number {
  if (value >= 0 && value <= 1) return Math.round(value * NANO)
  throw new InputError({ field, value, problem: 'is not in [0, 1]', hint: 'give the validated share' })
}
