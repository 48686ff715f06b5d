import type { Random } from './random.ts'

/**
 * Draws an index with probability proportional to its weight in constant time (Walker's alias table). Weights are ≥ 0
 * with a positive sum; memory is 12 bytes per index.
 */
export class WeightedChoice {
  readonly #threshold: Float64Array
  readonly #alias: Int32Array

  constructor(weights: ArrayLike<number>) {
    const size = weights.length
    let total = 0
    for (let index = 0; index < size; index++) total += weights[index] ?? 0
    this.#threshold = new Float64Array(size)
    this.#alias = new Int32Array(size)
    const small: number[] = []
    const large: number[] = []
    for (let index = 0; index < size; index++) {
      const scaled = ((weights[index] ?? 0) * size) / total
      this.#threshold[index] = scaled
      this.#alias[index] = index
      ;(scaled < 1 ? small : large).push(index)
    }
    for (;;) {
      const poor = small.pop()
      const rich = large.pop()
      if (poor === undefined || rich === undefined) {
        // Only rounding is left over: what remains stands for itself.
        for (const index of [poor, rich, ...small, ...large])
          if (index !== undefined) this.#threshold[index] = 1
        break
      }
      this.#alias[poor] = rich
      const left = (this.#threshold[rich] ?? 0) - (1 - (this.#threshold[poor] ?? 0))
      this.#threshold[rich] = left
      ;(left < 1 ? small : large).push(rich)
    }
  }

  /** One weighted draw. */
  draw(random: Random): number {
    const slot = random.below(this.#threshold.length)
    return random.unit() < (this.#threshold[slot] ?? 1) ? slot : (this.#alias[slot] ?? slot)
  }
}
