import { DAY_MS } from '../calendar.ts'

/** The columns that anyone would look at first; each must say little about who is planted. */
export const simpleColumns = [
  'tx_in_count',
  'tx_out_count',
  'tx_total_count',
  'degree_in',
  'degree_out',
  'degree_total',
  'total_in_usd',
  'total_out_usd',
  'mean_in_usd',
  'mean_out_usd',
  'median_in_usd',
  'median_out_usd',
  'max_in_usd',
  'max_out_usd',
  'min_in_usd',
  'min_out_usd',
  'activity_days',
  'activity_span_days',
] as const
/** One of {@link simpleColumns}. */
export type SimpleColumn = (typeof simpleColumns)[number]

/** Amounts of one side beyond this many no longer move the median; it bounds the memory of a hub. */
const KEPT_AMOUNTS = 50_000

class Side {
  readonly amounts: number[] = []
  readonly others = new Set<number>()
  count = 0
  sum = 0
  max = 0
  min = Infinity

  note(other: number, cents: number): void {
    this.count += 1
    this.sum += cents
    this.max = Math.max(this.max, cents)
    this.min = Math.min(this.min, cents)
    this.others.add(other)
    if (this.amounts.length < KEPT_AMOUNTS) this.amounts.push(cents)
  }

  median(): number {
    const sorted = Float64Array.from(this.amounts).sort()
    const middle = sorted.length >> 1
    if (sorted.length % 2 === 1) return sorted[middle] ?? 0
    return ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2
  }
}

/** What one account did in the window, noted transfer by transfer. Amounts are whole cents. */
export class AccountActivity {
  readonly #in = new Side()
  readonly #out = new Side()
  readonly #days = new Set<number>()
  #first = Infinity
  #last = 0

  /** Notes one transfer on the side where this account stands. */
  note(direction: 'in' | 'out', other: number, cents: number, timeMs: number): void {
    ;(direction === 'in' ? this.#in : this.#out).note(other, cents)
    this.#days.add(Math.floor(timeMs / DAY_MS))
    this.#first = Math.min(this.#first, timeMs)
    this.#last = Math.max(this.#last, timeMs)
  }

  /** Whether anything was noted. */
  get isActive(): boolean {
    return this.#days.size > 0
  }

  /** The value of a column; 0 where a side is empty. */
  value(column: SimpleColumn): number {
    const side = column.includes('_out') ? this.#out : this.#in
    const isEmpty = side.count === 0
    switch (column) {
      case 'tx_total_count':
        return this.#in.count + this.#out.count
      case 'degree_total':
        return new Set([...this.#in.others, ...this.#out.others]).size
      case 'activity_days':
        return this.#days.size
      case 'activity_span_days':
        return Math.floor((this.#last - this.#first) / DAY_MS)
      case 'tx_in_count':
      case 'tx_out_count':
        return side.count
      case 'degree_in':
      case 'degree_out':
        return side.others.size
      case 'total_in_usd':
      case 'total_out_usd':
        return side.sum
      case 'mean_in_usd':
      case 'mean_out_usd':
        return isEmpty ? 0 : side.sum / side.count
      case 'median_in_usd':
      case 'median_out_usd':
        return isEmpty ? 0 : side.median()
      case 'max_in_usd':
      case 'max_out_usd':
        return side.max
      case 'min_in_usd':
      case 'min_out_usd':
        return isEmpty ? 0 : side.min
    }
  }
}
