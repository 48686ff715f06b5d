import { followCurve } from './follow-curve.ts'
import { linearQuantile, positiveQuantile, sortedPositive } from './linear-quantile.ts'
import type { MinerColumns } from './miner-columns.ts'
import type { CurveParameters, PathwaysParameters, UniformityParameters } from './pathways-parameters.ts'
import { sortByValue } from './score-order.ts'

/** How weights came about: along the curve, by rank or with more contrast when the curve left them alike, or not at all. */
export type WeightBranch = 'curve' | 'rank' | 'contrast' | 'none'

/** Final weights and the numbers on the way. */
export interface ShapedWeights {
  readonly branch: WeightBranch
  /** 1 in all, or 0 when nobody gets any. */
  readonly weights: Float64Array
  /** Share of the largest raw weight, 0 to 1. */
  readonly normalised: Float64Array
  /** After the curve, and after what replaced it; not yet divided by the sum. */
  readonly curved: Float64Array
  /** Where the curve is half way; null without weights. */
  readonly midpoint: number | null
  /** Population deviation of the curved weights above zero; null without any. */
  readonly deviation: number | null
}

/** Raw weights to final ones. Sums run in the order of miners. */
export function shapeWeights(
  raw: Float64Array,
  columns: MinerColumns,
  parameters: PathwaysParameters,
): ShapedWeights {
  const size = raw.length
  const normalised = new Float64Array(size)
  const curved = new Float64Array(size)
  const weights = new Float64Array(size)
  const { most, positive } = extent(raw)
  const isBug = parameters.legacyUid0Bug && positive === 1 && columns.uids[raw.findIndex((x) => x > 0)] === 0
  if (positive === 0 || isBug) {
    return { branch: 'none', weights, normalised, curved, midpoint: null, deviation: null }
  }
  for (let miner = 0; miner < size; miner += 1) normalised[miner] = (raw[miner] ?? 0) / most
  const midpoint = midpointOf(normalised, parameters.curve)
  followCurve(normalised, curved, midpoint, parameters.curve)
  const { mean, deviation } = positiveMoments(curved)
  const branch = correctUniform(
    { raw, normalised, curved, positive, mean, deviation },
    columns,
    parameters.uniformity,
  )
  const sum = sumOf(curved)
  if (!(sum > 0)) return { branch: 'none', weights, normalised, curved, midpoint, deviation }
  for (let miner = 0; miner < size; miner += 1) weights[miner] = (curved[miner] ?? 0) / sum
  return { branch, weights, normalised, curved, midpoint, deviation }
}

function extent(raw: Float64Array): { readonly most: number; readonly positive: number } {
  let most = 0
  let positive = 0
  for (let miner = 0; miner < raw.length; miner += 1) {
    const weight = raw[miner] ?? 0
    if (weight > 0) positive += 1
    if (weight > most) most = weight
  }
  return { most, positive }
}

function midpointOf(normalised: Float64Array, curve: CurveParameters): number {
  if (curve.midpointOf === 'unique') {
    const unique = sortedPositive(normalised).filter((weight, at, sorted) => weight !== sorted[at - 1])
    if (unique.length >= curve.minUnique) return linearQuantile(unique, curve.midpointQuantile)
  }
  return positiveQuantile(normalised, curve.midpointQuantile)
}

function positiveMoments(weights: Float64Array): { readonly mean: number; readonly deviation: number } {
  let count = 0
  let sum = 0
  for (let miner = 0; miner < weights.length; miner += 1) {
    const weight = weights[miner] ?? 0
    if (weight > 0) count += 1
    sum += weight
  }
  const mean = count === 0 ? 0 : sum / count
  let squares = 0
  for (let miner = 0; miner < weights.length; miner += 1) {
    const weight = weights[miner] ?? 0
    if (weight > 0) squares += (weight - mean) * (weight - mean)
  }
  return { mean, deviation: count === 0 ? 0 : Math.sqrt(squares / count) }
}

interface CurvedWeights {
  readonly raw: Float64Array
  readonly normalised: Float64Array
  readonly curved: Float64Array
  readonly positive: number
  readonly mean: number
  readonly deviation: number
}

function correctUniform(
  { raw, normalised, curved, positive, mean, deviation }: CurvedWeights,
  columns: MinerColumns,
  rule: UniformityParameters,
): WeightBranch {
  if (positive < 2 || rule.kind === 'none') return 'curve'
  if (rule.kind === 'rank') {
    if (deviation >= rule.maxDeviation) return 'curve'
    rankWeights({ raw, curved, positive, exponent: rule.exponent, ties: rule.ties }, columns)
    return 'rank'
  }
  if (!(mean > 0) || deviation / mean >= rule.minVariation) return 'curve'
  for (let miner = 0; miner < curved.length; miner += 1) {
    curved[miner] = (curved[miner] ?? 0) * Math.max(normalised[miner] ?? 0, rule.floor) ** rule.gamma
  }
  return 'contrast'
}

interface RankedWeights {
  readonly raw: Float64Array
  readonly curved: Float64Array
  readonly positive: number
  readonly exponent: number
  readonly ties: 'shared' | 'uid' | 'hotkey' | 'listed'
}

/** The r-th largest raw weight gets 1 / r^exponent. */
function rankWeights({ raw, curved, positive, exponent, ties }: RankedWeights, columns: MinerColumns): void {
  const order = orderOfTies(raw, columns, ties)
  sortByValue(raw, order, new Float64Array(raw.length))
  // Ascending order of all, so the positive ones stand last; a run of equals is walked in its own order.
  let rank = 1
  for (let end = order.length; rank <= positive;) {
    let start = end - 1
    while (start > 0 && raw[order[start - 1] ?? 0] === raw[order[end - 1] ?? 0]) start -= 1
    let sum = 0
    for (let at = start; at < end; at += 1) {
      const place = 1 / (rank + at - start) ** exponent
      sum += place
      curved[order[at] ?? 0] = place
    }
    if (ties === 'shared') {
      for (let at = start; at < end; at += 1) curved[order[at] ?? 0] = sum / (end - start)
    }
    rank += end - start
    end = start
  }
}

function orderOfTies(raw: Float64Array, columns: MinerColumns, ties: RankedWeights['ties']): Uint32Array {
  const { uids, hotkeys } = columns
  const order = Uint32Array.from(raw, (_, miner) => miner)
  if (ties === 'uid') return order.sort((a, b) => (uids[a] ?? 0) - (uids[b] ?? 0))
  if (ties === 'hotkey') return order.sort((a, b) => ((hotkeys[a] ?? '') < (hotkeys[b] ?? '') ? -1 : 1))
  return order
}

function sumOf(weights: Float64Array): number {
  let sum = 0
  for (let miner = 0; miner < weights.length; miner += 1) sum += weights[miner] ?? 0
  return sum
}
