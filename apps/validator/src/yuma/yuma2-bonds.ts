import { multiply, ONE } from './fixed-point.ts'
import { columnSums, divideColumns, toDividends, weighRows, type BondOutcome } from './bond-matrix.ts'
import type { RowMatrix } from './weight-matrix.ts'

/**
 * Yuma 2: of each miner's bonds, what stake and weight buy now is mixed with what was held, at `rate`; dividends follow
 * bonds and incentive. `held` are stored integers, `rowStake` is per row. Bonds come back with each column's largest as one.
 */
export function yuma2Bonds(
  weights: RowMatrix,
  held: RowMatrix,
  rowStake: Float64Array,
  incentive: Float64Array,
  rate: number,
): BondOutcome {
  const old = divideColumns(held, columnSums(held))
  const bought = boughtBonds(weights, rowStake)
  const delta = divideColumns(bought, columnSums(bought))
  const mixed = mixBonds(delta, old, rate)
  const bonds = divideColumns(mixed, columnSums(mixed))
  const dividends = toDividends(bonds, weighRows(bonds, incentive))
  return { bonds: divideColumns(bonds, columnMaxima(bonds)), dividends }
}

function boughtBonds(weights: RowMatrix, rowStake: Float64Array): RowMatrix {
  const { columns } = weights
  const cells = new Float64Array(weights.cells.length)
  for (const [row, stake] of rowStake.entries()) {
    if (stake === 0) continue
    for (let at = row * columns; at < (row + 1) * columns; at += 1) {
      cells[at] = multiply(weights.cells[at] ?? 0, stake)
    }
  }
  return { ...weights, cells }
}

/** `rate · fresh + (1 − rate) · old`, each product floored. */
export function mixBonds(fresh: RowMatrix, old: RowMatrix, rate: number): RowMatrix {
  const kept = ONE - rate
  const cells = fresh.cells.map((cell, at) => multiply(cell, rate) + multiply(old.cells[at] ?? 0, kept))
  return { ...fresh, cells }
}

function columnMaxima({ columns, cells }: RowMatrix): Float64Array {
  const maxima = new Float64Array(columns)
  for (let start = 0; start < cells.length; start += columns) {
    for (let uid = 0; uid < columns; uid += 1) {
      maxima[uid] = Math.max(maxima[uid] ?? 0, cells[start + uid] ?? 0)
    }
  }
  return maxima
}
