/** Amounts of one side beyond this many no longer move the median; it bounds the memory of a hub. */
const KEPT_AMOUNTS = 5_000

/** One side of an account: what came in, or what went out. Amounts are whole cents. */
export class ActivitySide {
  readonly #amounts: number[] = []
  /** Transfers by counterparty. */
  readonly others = new Map<number, number>()
  count = 0
  sum = 0
  max = 0
  /** Of amounts below a thousand dollars. */
  small = 0
  #min = Infinity
  #squares = 0

  note(other: number, cents: number): void {
    this.count += 1
    this.sum += cents
    this.#squares += cents * cents
    this.max = Math.max(this.max, cents)
    this.#min = Math.min(this.#min, cents)
    if (cents < 100_000) this.small += 1
    this.others.set(other, (this.others.get(other) ?? 0) + 1)
    if (this.#amounts.length < KEPT_AMOUNTS) this.#amounts.push(cents)
  }

  /** 0 on an empty side, as the next ones are. */
  get mean(): number {
    return this.count === 0 ? 0 : this.sum / this.count
  }

  get min(): number {
    return this.count === 0 ? 0 : this.#min
  }

  get median(): number {
    if (this.count === 0) return 0
    const sorted = Float64Array.from(this.#amounts).sort()
    const middle = sorted.length >> 1
    if (sorted.length % 2 === 1) return sorted[middle] ?? 0
    return ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2
  }

  /** Standard deviation over mean. */
  get variation(): number {
    if (this.count === 0) return 0
    return Math.sqrt(Math.max(0, this.#squares / this.count - this.mean ** 2)) / this.mean
  }

  /** Counterparties for a transfer, in [0, 1]. */
  get fanRatio(): number {
    return this.count === 0 ? 0 : this.others.size / this.count
  }
}
