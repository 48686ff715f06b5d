import { expNegative } from './exp-negative.ts'

const MAX_TERMS = 200
const LARGEST_EXACT_MEAN = 600

/**
 * The chance that something expected `mean` times happens at least `count` times; in [0, 1]. Above a mean of 600
 * it is an upper bound by the normal curve.
 */
export function poissonTail(count: number, mean: number): number {
  if (count <= 0) return 1
  if (mean <= 0) return 0
  if (mean > LARGEST_EXACT_MEAN) {
    const deviations = (count - mean) / Math.sqrt(mean)
    return deviations <= 0 ? 1 : expNegative((deviations * deviations) / 2)
  }
  let term = expNegative(mean)
  if (count <= mean) {
    let below = 0
    for (let k = 0; k < count; k++) {
      below += term
      term *= mean / (k + 1)
    }
    return Math.min(1, Math.max(0, 1 - below))
  }
  for (let k = 1; k <= count; k++) term *= mean / k
  let sum = 0
  for (let k = count; k < count + MAX_TERMS && term > sum * 1e-16; k++) {
    sum += term
    term *= mean / (k + 1)
  }
  return Math.min(1, sum)
}
