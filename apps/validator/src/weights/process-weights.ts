import { InputError } from '@subnetkit/core'

import { checkWeights, MAX_WEIGHT } from './emit-weights.ts'
import { linearQuantile } from './linear-quantile.ts'

/** Keeps the search for the cut from dividing by nothing, as the SDK does it. */
const EPSILON = 1e-7
/** What a miner without weight gets when too few have one. */
const BASE_WEIGHT = 1e-5

/** Sums to one with no entry above `limit` of it (within 1e-7): larger ones are cut. All equal when that cannot be. @throws InputError for a negative weight. */
export function normalizeMaxWeight(weights: ArrayLike<number>, limit = 0.1): Float64Array {
  checkWeights(weights)
  const size = weights.length
  const given = Float64Array.from(weights)
  const sum = sumOf(given)
  if (sum === 0 || size * limit <= 1) return new Float64Array(size).fill(1 / size)
  const shares = given.toSorted().map((weight) => weight / sum)
  if ((shares[size - 1] ?? 0) <= limit) return given.map((weight) => weight / sum)
  let running = 0
  const cumulated = shares.map((share) => (running += share))
  const uncut = shares.filter(
    (share, at) => share / ((size - at - 1) * share + (cumulated[at] ?? 0) + EPSILON) < limit,
  ).length
  const below = uncut === 0 ? 0 : (cumulated[uncut - 1] ?? 0)
  const cut = (sum * (limit * below - EPSILON)) / (1 - limit * (size - uncut))
  const clipped = given.map((weight) => Math.min(weight, cut))
  const clippedSum = sumOf(clipped)
  return clipped.map((weight) => weight / clippedSum)
}

/** What the chain asks of a weight vector. */
export interface WeightLimits {
  /** Miners on the subnet. */
  readonly size: number
  readonly minAllowedWeights: number
  /** Largest share of one miner, 0 to 1. Chains of today say 1: no limit. */
  readonly maxWeightLimit: number
  /** The lowest weights are left out up to this quantile, in 65535ths. @default 0 */
  readonly excludeQuantile?: number
}

/** Weights that the chain accepts: entry i of both belongs together. */
export interface ProcessedWeights {
  readonly uids: readonly number[]
  readonly weights: Float64Array
}

/**
 * Fits weights to the limits of a subnet, as the SDK does: in single precision, equal for all when there is nothing to
 * go by, with a small base for everyone when too few have weight. @throws InputError for bad weights, uids or limits.
 */
export function processWeights(
  uids: readonly number[],
  given: ArrayLike<number>,
  { size, minAllowedWeights, maxWeightLimit, excludeQuantile = 0 }: WeightLimits,
): ProcessedWeights {
  checkWeights(given)
  if (uids.length !== given.length || given.length > size) {
    throw new InputError({
      field: 'uids',
      value: uids.length,
      problem: 'do not fit the weights and the subnet',
      hint: 'give one per weight, and at most one per miner',
    })
  }
  const weights = Float64Array.from(given, Math.fround)
  const kept = uids
    .map((uid, at) => ({ uid, at, weight: weights[at] ?? 0 }))
    .filter(({ weight }) => weight > 0)
  const everyone = Array.from({ length: size }, (_, uid) => uid)
  if (kept.length === 0 || size < minAllowedWeights) {
    return { uids: everyone, weights: new Float64Array(size).fill(1 / size) }
  }
  if (kept.length < minAllowedWeights) {
    const base = new Float64Array(size).fill(BASE_WEIGHT)
    for (const { at, weight } of kept) base[at] = BASE_WEIGHT + weight
    return { uids: everyone, weights: normalizeMaxWeight(base, maxWeightLimit) }
  }
  const spare = (kept.length - minAllowedWeights) / kept.length
  const quantile = Math.min(excludeQuantile / MAX_WEIGHT, spare)
  const lowest = linearQuantile(Float64Array.from(kept, ({ weight }) => weight).sort(), quantile)
  const rest = kept.filter(({ weight }) => weight >= lowest)
  return {
    uids: rest.map(({ uid }) => uid),
    weights: normalizeMaxWeight(
      rest.map(({ weight }) => weight),
      maxWeightLimit,
    ),
  }
}

function sumOf(weights: Float64Array): number {
  return weights.reduce((sum, weight) => sum + weight, 0)
}
