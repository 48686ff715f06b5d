import { divide, multiply, multiplyUp, normalise, ONE, toU16 } from './fixed-point.ts'
import type { RowMatrix, WeightMatrix } from './weight-matrix.ts'
import type { SubnetState, U16Row } from './subnet-state.ts'

/** What bonds come to in an epoch. */
export interface BondOutcome {
  /** As they will be stored: shares of one in units of 2⁻³². */
  readonly bonds: RowMatrix
  /** Per uid, its share of what validators earn; sums to one or is all zero. */
  readonly dividends: Float64Array
}

/** Stored bonds as plain integers, without those on miners that registered at or after `since`. */
export function storedBonds(state: SubnetState, uids: readonly number[], since: number): RowMatrix {
  const columns = state.neurons.length
  const cells = new Float64Array(uids.length * columns)
  for (const [row, uid] of uids.entries()) {
    const held = state.bonds[uid]
    if (held === undefined) continue
    for (let at = 0; at < held.uids.length; at += 1) {
      const target = held.uids[at] ?? 0
      const miner = state.neurons[target]
      if (miner !== undefined && since > miner.registeredAt) {
        cells[row * columns + target] = held.values[at] ?? 0
      }
    }
  }
  return { uids, columns, cells }
}

/** Weights from which bonds are made: between the given ones (penalty 0) and the clipped ones (penalty one). */
export function weightsForBonds(given: WeightMatrix, clipped: WeightMatrix, penalty: number): WeightMatrix {
  if (penalty === 0) return given
  if (penalty === ONE) return clipped
  const cells = given.cells.map((weight, at) => {
    return weight - multiplyUp(weight - (clipped.cells[at] ?? 0), penalty)
  })
  return { ...given, cells, isGiven: Uint8Array.from(cells, (weight) => (weight > 0 ? 1 : 0)) }
}

/** The sum of each column. */
export function columnSums({ columns, cells }: RowMatrix): Float64Array {
  const sums = new Float64Array(columns)
  for (let start = 0; start < cells.length; start += columns) {
    for (let uid = 0; uid < columns; uid += 1) sums[uid] = (sums[uid] ?? 0) + (cells[start + uid] ?? 0)
  }
  return sums
}

/** Each cell over its column's divisor; columns with a divisor of 0 stay as they are, which is zero. */
export function divideColumns(matrix: RowMatrix, divisors: Float64Array): RowMatrix {
  const { columns, cells } = matrix
  const shares = new Float64Array(cells.length)
  for (let start = 0; start < cells.length; start += columns) {
    for (let uid = 0; uid < columns; uid += 1) {
      shares[start + uid] = divide(cells[start + uid] ?? 0, divisors[uid] ?? 0)
    }
  }
  return { ...matrix, cells: shares }
}

/** Per row, its cells weighed by `factors` and summed. */
export function weighRows({ uids, columns, cells }: RowMatrix, factors: Float64Array): Float64Array {
  return Float64Array.from(uids, (_uid, row) => {
    const start = row * columns
    let sum = 0
    for (let uid = 0; uid < columns; uid += 1) {
      const cell = cells[start + uid] ?? 0
      if (cell > 0) sum += multiply(cell, factors[uid] ?? 0)
    }
    return sum
  })
}

/** What each row earned, as shares of the sum, spread over all uids. */
export function toDividends({ uids, columns }: RowMatrix, earned: Float64Array): Float64Array {
  const shares = normalise(earned)
  const dividends = new Float64Array(columns)
  for (const [row, uid] of uids.entries()) dividends[uid] = shares[row] ?? 0
  return dividends
}

/** One row as the chain stores it: u16, without bonds of zero. */
export function toStoredRow({ columns, cells }: RowMatrix, row: number): U16Row {
  const uids: number[] = []
  const values: number[] = []
  for (let uid = 0; uid < columns; uid += 1) {
    const share = cells[row * columns + uid] ?? 0
    if (share === 0) continue
    uids.push(uid)
    values.push(toU16(share))
  }
  return { uids, values }
}
