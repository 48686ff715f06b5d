import { followCurve } from './follow-curve.ts'
import { linearQuantile, positiveQuantile } from './linear-quantile.ts'
import type { MinerColumns } from './miner-columns.ts'
import type { CurveParameters, PathwaysParameters, UniformityParameters } from './pathways-parameters.ts'
import { sortByValue } from './score-order.ts'
import type { WeightScratch } from './weight-scratch.ts'

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

/** The raw weights of `scratch` to final ones, through its other columns. Sums run in the order of miners. */
export function shapeWeights(
  scratch: WeightScratch,
  columns: MinerColumns,
  parameters: PathwaysParameters,
): ShapedWeights {
  const { raw, normalised, curved, weights } = scratch
  const { most, positive } = extent(raw)
  const isBug = parameters.legacyUid0Bug && positive === 1 && columns.uids[raw.findIndex((x) => x > 0)] === 0
  if (positive === 0 || isBug) {
    for (const column of [normalised, curved, weights]) column.fill(0)
    return shapedWeights(scratch, 'none', null, null)
  }
  for (let miner = 0; miner < raw.length; miner += 1) normalised[miner] = (raw[miner] ?? 0) / most
  const midpoint = midpointOf(scratch, parameters.curve)
  followCurve(normalised, curved, midpoint, parameters.curve)
  const { sum: curvedSum, mean, deviation } = positiveMoments(curved)
  const branch = correctUniform(scratch, { positive, mean, deviation }, columns, parameters.uniformity)
  const sum = branch === 'curve' ? curvedSum : sumOf(curved)
  const isNothing = !(sum > 0)
  for (let miner = 0; miner < raw.length; miner += 1) {
    weights[miner] = isNothing ? 0 : (curved[miner] ?? 0) / sum
  }
  return shapedWeights(scratch, isNothing ? 'none' : branch, midpoint, deviation)
}

/** A copy of memory in use is cheaper than new memory, which the system gives out page by page. */
function shapedWeights(
  { weights, normalised, curved }: WeightScratch,
  branch: WeightBranch,
  midpoint: number | null,
  deviation: number | null,
): ShapedWeights {
  return {
    branch,
    weights: weights.slice(),
    normalised: normalised.slice(),
    curved: curved.slice(),
    midpoint,
    deviation,
  }
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

function midpointOf({ normalised, scores }: WeightScratch, curve: CurveParameters): number {
  if (curve.midpointOf === 'unique') {
    const unique = uniquePositive(normalised)
    if (unique.length >= curve.minUnique) return linearQuantile(unique, curve.midpointQuantile)
  }
  return positiveQuantile(normalised, curve.midpointQuantile, scores.sorted)
}

function uniquePositive(values: Float64Array): Float64Array {
  return values
    .filter((value) => value > 0)
    .sort()
    .filter((value, at, sorted) => value !== sorted[at - 1])
}

interface Moments {
  readonly sum: number
  readonly mean: number
  readonly deviation: number
}

/** Of the weights above zero; the deviation is that of all of them, not of a sample. */
function positiveMoments(weights: Float64Array): Moments {
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
  return { sum, mean, deviation: count === 0 ? 0 : Math.sqrt(squares / count) }
}

function correctUniform(
  scratch: WeightScratch,
  { positive, mean, deviation }: Omit<Moments, 'sum'> & { readonly positive: number },
  columns: MinerColumns,
  rule: UniformityParameters,
): WeightBranch {
  if (positive < 2 || rule.kind === 'none') return 'curve'
  if (rule.kind === 'rank') {
    if (deviation >= rule.maxDeviation) return 'curve'
    rankWeights(scratch, positive, rule, columns)
    return 'rank'
  }
  if (!(mean > 0) || deviation / mean >= rule.minVariation) return 'curve'
  const { normalised, curved } = scratch
  for (let miner = 0; miner < curved.length; miner += 1) {
    curved[miner] = (curved[miner] ?? 0) * Math.max(normalised[miner] ?? 0, rule.floor) ** rule.gamma
  }
  return 'contrast'
}

type RankParameters = Extract<UniformityParameters, { kind: 'rank' }>

/** The r-th largest raw weight gets 1 / r^exponent. */
function rankWeights(
  { raw, curved, scores }: WeightScratch,
  positive: number,
  { exponent, ties }: RankParameters,
  columns: MinerColumns,
): void {
  const { order } = scores
  orderTies(order, columns, ties)
  sortByValue(raw, raw.length, scores)
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

function orderTies(order: Uint32Array, { uids, hotkeys }: MinerColumns, ties: RankParameters['ties']): void {
  for (let miner = 0; miner < order.length; miner += 1) order[miner] = miner
  if (ties === 'uid') order.sort((a, b) => (uids[a] ?? 0) - (uids[b] ?? 0))
  if (ties === 'hotkey') order.sort((a, b) => ((hotkeys[a] ?? '') < (hotkeys[b] ?? '') ? -1 : 1))
}

function sumOf(weights: Float64Array): number {
  let sum = 0
  for (let miner = 0; miner < weights.length; miner += 1) sum += weights[miner] ?? 0
  return sum
}
