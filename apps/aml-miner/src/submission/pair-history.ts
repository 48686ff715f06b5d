import type { TransferColumns } from '@subnetkit/core'

/** How often each pair of a window paid, in one direction, and what of a sum got through. */
export class PairHistory {
  readonly #transfers: TransferColumns
  readonly #counts = new Map<number, number>()

  constructor(transfers: TransferColumns) {
    this.#transfers = transfers
    for (let row = 0; row < transfers.from.length; row++) {
      const pair = this.#pairOf(row)
      this.#counts.set(pair, (this.#counts.get(pair) ?? 0) + 1)
    }
  }

  /** Of the pairs of these transfers, how often the one that paid least often paid in the whole window. */
  fewestPerStep(rows: readonly number[]): number {
    return rows.reduce((fewest, row) => Math.min(fewest, this.#countOf(row)), Infinity)
  }

  /** Whether the pairs of these transfers never paid otherwise: money took this way once. */
  isOnlyUseOf(rows: readonly number[]): boolean {
    const used = new Map<number, number>()
    for (const row of rows) used.set(this.#pairOf(row), (used.get(this.#pairOf(row)) ?? 0) + 1)
    return rows.every((row) => this.#countOf(row) === used.get(this.#pairOf(row)))
  }

  /**
   * What the last pair of these transfers, in the order of time, paid for each dollar that the first pair paid. Fees
   * take a little at each step; what comes back whole is a debt that was settled.
   */
  shareThatArrived(rows: readonly number[]): number {
    const sums = new Map<number, number>()
    for (const row of rows) {
      const paid = Number(this.#transfers.amountMicroUsd[row] ?? 0n)
      sums.set(this.#pairOf(row), (sums.get(this.#pairOf(row)) ?? 0) + paid)
    }
    const [first = 0, ...later] = sums.values()
    return (later.at(-1) ?? first) / first
  }

  #pairOf(row: number): number {
    const { addresses, from, to } = this.#transfers
    return (from[row] ?? 0) * addresses.length + (to[row] ?? 0)
  }

  #countOf(row: number): number {
    return this.#counts.get(this.#pairOf(row)) ?? 0
  }
}
