/**
 * A set of 64-bit fingerprints in flat memory: 8 bytes each at a load of a half, where a set of texts takes a hundred.
 * Two things with one fingerprint count as one: among ten million that happens once in 370,000 datasets. Whoever makes
 * it happen on purpose gains nothing: a transaction that is taken for another earns what the other would have earned,
 * a pattern that is taken for another is not counted.
 */
export class FingerprintSet {
  #table = new Uint32Array(2 * 1_024)
  #slots = 1_024
  #size = 0

  get size(): number {
    return this.#size
  }

  /** Adds a fingerprint; says whether it is new. */
  add(high: number, low: number): boolean {
    const slot = this.#find(high, low)
    if (this.#isTaken(slot)) return false
    this.#write(slot, high, low)
    this.#size += 1
    if (this.#size * 2 > this.#slots) this.#grow()
    return true
  }

  has(high: number, low: number): boolean {
    return this.#isTaken(this.#find(high, low))
  }

  /** The slot of a fingerprint, or the free one where it belongs. Twice zero marks a free slot and is moved to 0, 1. */
  #find(high: number, low: number): number {
    const mask = this.#slots - 1
    const wantedHigh = high >>> 0
    const wantedLow = wantedHigh === 0 && low >>> 0 === 0 ? 1 : low >>> 0
    let slot = (wantedLow ^ (wantedHigh >>> 7)) & mask
    while (this.#isTaken(slot)) {
      if (this.#table[2 * slot] === wantedHigh && this.#table[2 * slot + 1] === wantedLow) return slot
      slot = (slot + 1) & mask
    }
    return slot
  }

  #isTaken(slot: number): boolean {
    return this.#table[2 * slot] !== 0 || this.#table[2 * slot + 1] !== 0
  }

  #write(slot: number, high: number, low: number): void {
    const isZero = high >>> 0 === 0 && low >>> 0 === 0
    this.#table[2 * slot] = high
    this.#table[2 * slot + 1] = isZero ? 1 : low
  }

  #grow(): void {
    const old = this.#table
    this.#slots *= 2
    this.#table = new Uint32Array(2 * this.#slots)
    for (let at = 0; at < old.length; at += 2) {
      const high = old[at] ?? 0
      const low = old[at + 1] ?? 0
      if (high !== 0 || low !== 0) this.#write(this.#find(high, low), high, low)
    }
  }
}

/** 32 bits from a text; with two seeds, the two halves of a fingerprint. */
export function textBits(text: string, seed: number): number {
  let bits = seed
  for (let at = 0; at < text.length; at++) {
    bits = Math.imul(bits ^ text.charCodeAt(at), 0x9e3779b1)
    bits ^= bits >>> 15
  }
  return mixBits(bits ^ text.length)
}

/** Spreads a 32-bit number over all its bits, one to one. */
export function mixBits(value: number): number {
  let bits = value
  bits = Math.imul(bits ^ (bits >>> 16), 0x7feb352d)
  bits = Math.imul(bits ^ (bits >>> 15), 0x846ca68b)
  return (bits ^ (bits >>> 16)) >>> 0
}
