import { createHash } from 'node:crypto'

import { normalFromBits, portableExp } from './portable-math.ts'

/**
 * A seeded stream of random numbers: xoshiro128** (Blackman and Vigna, 2018) on 32-bit integers, started from the
 * SHA-256 of a text. Streams with different names are independent, so that one part of a dataset can change without
 * moving the draws of another.
 */
export class Random {
  #a = 0
  #b = 0
  #c = 0
  #d = 0

  constructor(seed: string) {
    const digest = createHash('sha256').update(seed, 'utf8').digest()
    this.#a = digest.readUInt32LE(0)
    this.#b = digest.readUInt32LE(4)
    this.#c = digest.readUInt32LE(8)
    // The all-zero state is the only one that never moves; a set bit excludes it.
    this.#d = (digest.readUInt32LE(12) | 1) >>> 0
  }

  /** A whole number in [0, 2^32). */
  bits(): number {
    const scrambled = Math.imul(this.#b, 5)
    const result = Math.imul((scrambled << 7) | (scrambled >>> 25), 9)
    const shifted = this.#b << 9
    this.#c ^= this.#a
    this.#d ^= this.#b
    this.#b ^= this.#c
    this.#a ^= this.#d
    this.#c ^= shifted
    this.#d = (this.#d << 11) | (this.#d >>> 21)
    return result >>> 0
  }

  /** A number in [0, 1) with 32 random bits. */
  unit(): number {
    return this.bits() / 0x1_0000_0000
  }

  /** A whole number in [0, limit), for 1 ≤ limit ≤ 2^32; its bias is below limit / 2^32. */
  below(limit: number): number {
    return Math.floor(this.unit() * limit)
  }

  /** A whole number in [low, high], both included. */
  between(low: number, high: number): number {
    return low + this.below(high - low + 1)
  }

  /** True with the given probability. */
  chance(probability: number): boolean {
    return this.unit() < probability
  }

  /** A log-normal number with the given median; `spread` is the standard deviation of its logarithm. */
  logNormal(median: number, spread: number): number {
    return median * portableExp(spread * normalFromBits(this.bits()))
  }

  /** A number in [low, high). */
  range(low: number, high: number): number {
    return low + this.unit() * (high - low)
  }
}

/** A well-mixed 32-bit hash of two whole numbers: a fixed, memory-free choice such as "the third friend of account 7". */
export function mixHash(left: number, right: number): number {
  let hash = Math.imul(left ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(right + 0x7f4a7c15, 0xc2b2ae35)
  hash = Math.imul(hash ^ (hash >>> 16), 0x7feb352d)
  hash = Math.imul(hash ^ (hash >>> 15), 0x846ca68b)
  return (hash ^ (hash >>> 16)) >>> 0
}
