/** The value of `step` for ordinary traffic; a planted transfer carries its index in the plan. */
export const NOT_PLANTED = -1

/** Transfers as columns that grow: no object per transfer. Amounts are whole cents, times are milliseconds since 1970. */
export class TransferBuffer {
  length = 0
  from = new Int32Array(16)
  to = new Int32Array(16)
  cents = new Float64Array(16)
  timeMs = new Float64Array(16)
  asset = new Uint8Array(16)
  step = new Int32Array(16)

  /** Appends one transfer. */
  push(from: number, to: number, cents: number, timeMs: number, asset: number, step: number): void {
    if (this.length === this.from.length) this.#grow()
    const row = this.length
    this.from[row] = from
    this.to[row] = to
    this.cents[row] = cents
    this.timeMs[row] = timeMs
    this.asset[row] = asset
    this.step[row] = step
    this.length += 1
  }

  /** Drops up to `count` ordinary transfers from the end and says how many it found; planted ones always stay. */
  dropOrdinary(count: number): number {
    let dropped = 0
    let kept = this.length
    for (let row = this.length - 1; row >= 0 && dropped < count; row--) {
      if ((this.step[row] ?? NOT_PLANTED) !== NOT_PLANTED) continue
      kept -= 1
      this.#copy(kept, row)
      dropped += 1
    }
    this.length = kept
    return dropped
  }

  #copy(source: number, target: number): void {
    for (const column of [this.from, this.to, this.cents, this.timeMs, this.asset, this.step])
      column[target] = column[source] ?? 0
  }

  #grow(): void {
    const size = this.from.length * 2
    const { from, to, cents, timeMs, asset, step } = this
    this.from = new Int32Array(size)
    this.to = new Int32Array(size)
    this.cents = new Float64Array(size)
    this.timeMs = new Float64Array(size)
    this.asset = new Uint8Array(size)
    this.step = new Int32Array(size)
    this.from.set(from)
    this.to.set(to)
    this.cents.set(cents)
    this.timeMs.set(timeMs)
    this.asset.set(asset)
    this.step.set(step)
  }
}
