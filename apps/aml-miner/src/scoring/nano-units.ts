/** One billionth: scores and contributions are whole numbers of these, so that they add up exactly. */
export const NANO = 1_000_000_000

/** The nearest whole number of billionths. A value that is not finite counts as 0: it says nothing. */
export function toNano(value: number): number {
  return Number.isFinite(value) ? Math.round(value * NANO) : 0
}

/** Billionths as the number that is stored. */
export function fromNano(nano: number): number {
  return nano / NANO
}
