import { multiply, normalise, sumOf } from './fixed-point.ts'
import { createWeightedMedian } from './weighted-median.ts'
import type { RowMatrix, WeightMatrix } from './weight-matrix.ts'

/** Columns that are gathered at a time, so that each cache line of a row is read once. */
const BLOCK = 8

/** Per uid, the weight that a majority of the active stake grants: the stake-weighted median. `rowStake` is per row. */
export function consensusOf(weights: RowMatrix, rowStake: Float64Array, kappa: number): Float64Array {
  const { columns, cells } = weights
  const voters = [...rowStake.keys()].filter((row) => (rowStake[row] ?? 0) > 0)
  const stake = normalise(Float64Array.from(voters, (row) => rowStake[row] ?? 0))
  const total = sumOf(stake)
  const median = createWeightedMedian(stake, total, total - kappa)
  const consensus = new Float64Array(columns)
  const scores = new Float64Array(BLOCK * voters.length)
  for (let first = 0; first < columns; first += BLOCK) {
    const width = Math.min(BLOCK, columns - first)
    for (const [voter, row] of voters.entries()) {
      const start = row * columns + first
      for (let at = 0; at < width; at += 1) scores[at * voters.length + voter] = cells[start + at] ?? 0
    }
    for (let at = 0; at < width; at += 1) consensus[first + at] = median.find(scores, at * voters.length)
  }
  return consensus
}

/** Weights cut to what consensus grants. What consensus does not grant at all counts as not given. */
export function clipToConsensus(weights: WeightMatrix, consensus: Float64Array): WeightMatrix {
  const { columns, cells } = weights
  const clipped = new Float64Array(cells.length)
  const isGiven = new Uint8Array(weights.isGiven)
  for (let start = 0; start < cells.length; start += columns) {
    for (let uid = 0; uid < columns; uid += 1) {
      const weight = cells[start + uid] ?? 0
      const granted = consensus[uid] ?? 0
      clipped[start + uid] = Math.min(weight, granted)
      if (granted === 0 && weight > 0) isGiven[start + uid] = 0
    }
  }
  return { ...weights, cells: clipped, isGiven }
}

/** Per uid, what the weights upon it come to with the stake behind them. */
export function stakeWeightedSums(weights: RowMatrix, rowStake: Float64Array): Float64Array {
  const { columns, cells } = weights
  const sums = new Float64Array(columns)
  for (const [row, stake] of rowStake.entries()) {
    if (stake === 0) continue
    const start = row * columns
    for (let uid = 0; uid < columns; uid += 1) {
      const weight = cells[start + uid] ?? 0
      if (weight > 0) sums[uid] = (sums[uid] ?? 0) + multiply(weight, stake)
    }
  }
  return sums
}

/** The sum of each row, spread over all uids; uids without a row have 0. */
export function rowSums(weights: RowMatrix): Float64Array {
  const { columns, cells } = weights
  const sums = new Float64Array(columns)
  for (const [row, uid] of weights.uids.entries()) {
    sums[uid] = sumOf(cells.subarray(row * columns, (row + 1) * columns))
  }
  return sums
}
