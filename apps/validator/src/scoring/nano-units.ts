/** One billionth: scores, points and weights are whole numbers of these, so that sums are exact in any order. */
export const NANO = 1_000_000_000

/** The nearest whole number of billionths of a finite value. */
export function toNano(value: number): number {
  return Math.round(value * NANO)
}

/** Billionths as the number that is stored. */
export function fromNano(nano: number): number {
  return nano / NANO
}
