import type { TransferColumns } from '@subnetkit/core'

/** The window's amounts as one scale: how usual is it that two amounts are this close? */
export interface AmountScale {
  /** False when nearly all amounts are alike; then every share is 1 and rules on money must not fire. */
  readonly isMeaningful: boolean
  /** Amounts in millionths of a dollar, as floats: for ratios, never for sums that are stored. */
  readonly amounts: Float64Array
  /** Share of the window's transfers with an amount within [low, high]; at least one over the number of transfers. */
  shareWithin(low: number, high: number): number
}

const SHARE_THAT_IS_ALL_ALIKE = 0.9

/** Sorts the amounts once. Meaningless when one amount makes up 90 % of all, or when there is no positive one. */
export function createAmountScale(transfers: TransferColumns): AmountScale {
  const rows = transfers.amountMicroUsd.length
  const amounts = new Float64Array(rows)
  for (let row = 0; row < rows; row++) amounts[row] = Number(transfers.amountMicroUsd[row])
  const sorted = Float64Array.from(amounts).sort()
  const isMeaningful =
    rows > 0 && (sorted[rows - 1] ?? 0) > 0 && longestRun(sorted) < SHARE_THAT_IS_ALL_ALIKE * rows
  return {
    isMeaningful,
    amounts,
    shareWithin: (low, high) =>
      isMeaningful ? Math.max(1, countBelow(sorted, high, true) - countBelow(sorted, low, false)) / rows : 1,
  }
}

function longestRun(sorted: Float64Array): number {
  let longest = 0
  let run = 0
  for (let i = 0; i < sorted.length; i++) {
    run = i > 0 && sorted[i] === sorted[i - 1] ? run + 1 : 1
    if (run > longest) longest = run
  }
  return longest
}

function countBelow(sorted: Float64Array, value: number, isInclusive: boolean): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const at = sorted[middle] ?? 0
    if (isInclusive ? at <= value : at < value) low = middle + 1
    else high = middle
  }
  return low
}
