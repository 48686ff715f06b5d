import { multiply, fromU16, ONE } from './fixed-point.ts'
import { columnSums, divideColumns, toDividends, weighRows, type BondOutcome } from './bond-matrix.ts'
import type { LiquidAlpha } from './epoch-parameters.ts'
import { createLiquidRate } from './liquid-rate.ts'
import type { RowMatrix, WeightMatrix } from './weight-matrix.ts'
import { mixBonds } from './yuma2-bonds.ts'

/** What Yuma 3 makes bonds and dividends of. */
export interface Yuma3Input {
  readonly weights: WeightMatrix
  /** Stored integers, u16 of one. */
  readonly held: RowMatrix
  /** Active stake per row. */
  readonly rowStake: Float64Array
  readonly incentive: Float64Array
  readonly consensus: Float64Array
  /** The rate at which bonds follow weights where liquid alpha is off, or nothing has consensus. */
  readonly rate: number
  readonly liquidAlpha: LiquidAlpha | null
}

/**
 * Yuma 3: a bond is a share of one that follows the weight itself; stake counts when dividends are shared. With liquid
 * alpha each bond has a rate of its own, and a weight that is no longer given loses its bond at once.
 */
export function yuma3Bonds(input: Yuma3Input): BondOutcome {
  const { held, rowStake, liquidAlpha } = input
  const old = { ...held, cells: held.cells.map(fromU16) }
  const hasConsensus = input.consensus.some((granted) => granted > 0)
  const bonds =
    liquidAlpha === null || !hasConsensus
      ? mixBonds(input.weights, old, input.rate)
      : mixLiquidBonds(input, old, liquidAlpha)
  const earned = weighRows(divideColumns(bonds, columnSums(bonds)), input.incentive)
  const paid = earned.map((sum, row) => multiply(sum, rowStake[row] ?? 0))
  return { bonds, dividends: toDividends(bonds, paid) }
}

function mixLiquidBonds(input: Yuma3Input, old: RowMatrix, liquidAlpha: LiquidAlpha): RowMatrix {
  const { weights, consensus } = input
  const rateOf = createLiquidRate(liquidAlpha)
  const cells = weights.cells.map((weight, at) => {
    if (weights.isGiven[at] === 0) return 0
    const bond = old.cells[at] ?? 0
    if (weight === 0 && bond === 0) return 0
    const rate = rateOf(weight, bond, consensus[at % weights.columns] ?? 0)
    const kept = multiply(bond, ONE - rate)
    return kept + Math.min(multiply(weight, rate), ONE - kept)
  })
  return { ...weights, cells }
}
