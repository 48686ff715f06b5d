import { createHash } from 'node:crypto'

/**
 * Random draws that a text decides: SHA-256 of the text and a counter, eight whole numbers of 32 bits per hash. Only
 * integers, so that every version of Node draws the same.
 */
export class TaskDraws {
  readonly #seed: Buffer
  #counter = 0
  #block: Buffer = Buffer.alloc(0)
  #offset = 0

  constructor(seed: string) {
    this.#seed = createHash('sha256').update(seed, 'utf8').digest()
  }

  /** A whole number in [0, limit), each as likely as any other; limit from 1 to 2^32. */
  below(limit: number): number {
    const fair = 0x1_0000_0000 - (0x1_0000_0000 % limit)
    let bits = this.#bits()
    while (bits >= fair) bits = this.#bits()
    return bits % limit
  }

  /** A whole number in [low, high], both included. */
  between(low: number, high: number): number {
    return low + this.below(high - low + 1)
  }

  /** One of the list, which must not be empty: an empty one throws RangeError. */
  pick<Item>(list: readonly Item[]): Item {
    const item = list[this.below(Math.max(1, list.length))]
    if (item === undefined) throw new RangeError('nothing to pick from')
    return item
  }

  /** `count` different whole numbers in [0, limit), in the order in which they were drawn; count ≤ limit. */
  different(count: number, limit: number): readonly number[] {
    const drawn = new Set<number>()
    while (drawn.size < count) drawn.add(this.below(limit))
    return [...drawn]
  }

  #bits(): number {
    if (this.#offset >= this.#block.length) {
      const counter = Buffer.alloc(4)
      counter.writeUInt32BE(this.#counter)
      this.#counter += 1
      this.#block = createHash('sha256').update(this.#seed).update(counter).digest()
      this.#offset = 0
    }
    const bits = this.#block.readUInt32BE(this.#offset)
    this.#offset += 4
    return bits
  }
}
