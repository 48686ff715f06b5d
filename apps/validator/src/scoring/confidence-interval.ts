import { betaQuantile } from './beta-quantile.ts'
import { fromNano, toNano } from './nano-units.ts'

/** A mean with the bounds between which the true one lies with the chosen probability; all in [0, 1]. */
export interface ScoredInterval {
  readonly score: number
  readonly lower: number
  readonly upper: number
}

/**
 * The equal-tailed interval of Beta(0.5 + S, 0.5 + n − S), S being the sum of n scores in [0, 1]. It is widened to hold
 * the mean itself, which lies outside when all scores are 0 or all are 1. Without a sample nothing is known: [0, 1].
 */
export function confidenceInterval(
  params: Readonly<{ score: number; sampleCount: number; level: number }>,
): ScoredInterval {
  const { score, sampleCount, level } = params
  if (sampleCount === 0) return { score, lower: 0, upper: 1 }
  const a = 0.5 + score * sampleCount
  const b = 0.5 + (1 - score) * sampleCount
  const tail = (1 - level) / 2
  return {
    score,
    lower: Math.min(score, quantised(betaQuantile(tail, a, b))),
    upper: Math.max(score, quantised(betaQuantile(1 - tail, a, b))),
  }
}

/**
 * The plain mean of independent means. The distances to the bounds add up as squares, which is narrower than averaging
 * the bounds: it is unlikely that all of them err to one side.
 */
export function averageInterval(intervals: readonly ScoredInterval[]): ScoredInterval {
  const count = intervals.length
  if (count === 0) return { score: 0, lower: 0, upper: 1 }
  let sum = 0
  let below = 0
  let above = 0
  for (const { score, lower, upper } of intervals) {
    sum += score
    below += (score - lower) ** 2
    above += (upper - score) ** 2
  }
  const score = quantised(sum / count)
  return {
    score,
    lower: Math.max(0, quantised(score - Math.sqrt(below) / count)),
    upper: Math.min(1, quantised(score + Math.sqrt(above) / count)),
  }
}

function quantised(value: number): number {
  return fromNano(toNano(value))
}
