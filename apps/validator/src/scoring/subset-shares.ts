import type { LayersParameters, SubsetMeanParameters } from './layers-parameters.ts'
import { fromNano, toNano } from './nano-units.ts'

/** A miner's part of a subset. */
export interface SubsetShare {
  readonly place: number
  /** In [0, 1]; the parts of one subset sum to 1, or there are none. */
  readonly share: number
}

/**
 * Shares one subset among those who are left in it: each counts its mean over the subset's environments, halved (by
 * default) for every rank below the first. Among equal means the one that arrived first has the better rank.
 */
export function subsetShares(
  params: Readonly<{
    survivors: readonly number[]
    scoresOf: (place: number) => readonly number[]
    mask: number
    parameters: Pick<LayersParameters, 'subsetMean' | 'rankDecay' | 'whenAllZero'>
  }>,
): readonly SubsetShare[] {
  const { survivors, scoresOf, mask, parameters } = params
  const ranked = survivors
    .map((place) => ({ place, mean: subsetMeanNano(scoresOf(place), mask, parameters.subsetMean) }))
    .toSorted((a, b) => b.mean - a.mean || a.place - b.place)
    .map(({ place, mean }, rank) => ({ place, adjusted: mean * parameters.rankDecay ** rank }))
  const sum = ranked.reduce((total, { adjusted }) => total + adjusted, 0)
  if (sum > 0) return ranked.map(({ place, adjusted }) => ({ place, share: adjusted / sum }))
  if (parameters.whenAllZero === 'nobody') return []
  return ranked.map(({ place }) => ({ place, share: 1 / ranked.length }))
}

/** The mean over a subset's environments in billionths, so that a last digit of the processor decides no rank. */
function subsetMeanNano(scores: readonly number[], mask: number, kind: SubsetMeanParameters): number {
  const raise = kind.kind === 'smoothed' ? kind.epsilon : 0
  let product = 1
  let count = 0
  for (const [place, scoreNano] of scores.entries()) {
    if ((mask & (1 << place)) === 0) continue
    product *= fromNano(scoreNano) + raise
    count += 1
  }
  return product <= 0 ? 0 : Math.max(0, toNano(product ** (1 / count) - raise))
}
