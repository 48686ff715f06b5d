import type { MinimumParameters } from './layers-parameters.ts'
import { NANO, toNano } from './nano-units.ts'

/** What points become. */
export interface SharedOut {
  /** Whether the points reach the minimum, one per miner. */
  readonly meets: readonly boolean[]
  /** Weights in billionths, one per miner. They sum to one, to less where a minimum share applies, or to 0. */
  readonly weights: readonly number[]
}

/** Turns points (billionths, in the order that decides between equals) into weights. */
export function shareOut(points: readonly number[], minimum: MinimumParameters): SharedOut {
  const least = toNano(minimum.points)
  const kept = points.map((nano) => (nano >= least ? nano : 0))
  const normalised = normalise(kept)
  const leastShare = minimum.kind === 'share' ? toNano(minimum.share) : 0
  return {
    meets: points.map((nano, place) => nano >= least && (normalised[place] ?? 0) >= leastShare),
    weights: normalised.map((nano) => (nano >= leastShare ? nano : 0)),
  }
}

/**
 * Shares of exactly one in all, in billionths: each is rounded down, and the billionths that are left go to the largest
 * remainders, then to the first. All zero stays all zero.
 */
function normalise(points: readonly number[]): readonly number[] {
  const sum = points.reduce((total, nano) => total + BigInt(nano), 0n)
  if (sum === 0n) return points.map(() => 0)
  const exact = points.map((nano, place) => {
    const product = BigInt(nano) * BigInt(NANO)
    return { place, share: Number(product / sum), remainder: product % sum }
  })
  const left = NANO - exact.reduce((total, { share }) => total + share, 0)
  const raised = new Set(
    exact
      .toSorted((a, b) =>
        a.remainder === b.remainder ? a.place - b.place : a.remainder > b.remainder ? -1 : 1,
      )
      .slice(0, left)
      .map(({ place }) => place),
  )
  return exact.map(({ place, share }) => (raised.has(place) ? share + 1 : share))
}

/** By weight: equal ones have the same rank, and the ranks that they take up are left out. */
export function competitionRanks(weights: readonly number[]): ReadonlyMap<number, number> {
  const ranks = new Map<number, number>()
  for (const [index, weight] of weights.toSorted((a, b) => b - a).entries()) {
    if (!ranks.has(weight)) ranks.set(weight, index + 1)
  }
  return ranks
}
