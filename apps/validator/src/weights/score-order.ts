const RADIX_BITS = 11
const BUCKETS = 1 << RADIX_BITS
const MASK = BUCKETS - 1
/** Values that agree in their upper 32 bits are put in order by insertion, up to this many at a time. */
const MAX_INSERTION = 32

/** Where radix sorting works; made once for a number of miners, used for one task after the other. */
export interface SortBuffers {
  readonly high: Uint32Array
  readonly otherHigh: Uint32Array
  readonly other: Uint32Array
  readonly counts: Uint32Array
}

/** Buffers for up to `size` values. */
export function sortBuffers(size: number): SortBuffers {
  return {
    high: new Uint32Array(size),
    otherHigh: new Uint32Array(size),
    other: new Uint32Array(size),
    counts: new Uint32Array(3 * BUCKETS),
  }
}

/**
 * Puts the indexes in `order` into ascending order of `values[index]`; equal values keep their order. No value may be
 * NaN or -0. Faster than comparing: three passes over the upper halves of the doubles, then a look at the lower ones.
 */
export function sortByValue(values: Float64Array, order: Uint32Array, buffers: SortBuffers): void {
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length * 2)
  sortByWord(order, buffers, (index) => sortableHigh(words, index))
  if (!settleLowWords(values, order, buffers.high)) {
    sortByWord(order, buffers, (index) => sortableLow(words, index))
    sortByWord(order, buffers, (index) => sortableHigh(words, index))
  }
}

/** The upper half of a double, so changed that unsigned order is numeric order. Doubles are little-endian wherever Node runs. */
function sortableHigh(words: Uint32Array, index: number): number {
  const word = words[2 * index + 1] ?? 0
  return (word & 0x8000_0000) === 0 ? (word | 0x8000_0000) >>> 0 : ~word >>> 0
}

function sortableLow(words: Uint32Array, index: number): number {
  const word = words[2 * index] ?? 0
  return ((words[2 * index + 1] ?? 0) & 0x8000_0000) === 0 ? word : ~word >>> 0
}

function sortByWord(order: Uint32Array, buffers: SortBuffers, wordOf: (index: number) => number): void {
  const { counts } = buffers
  const size = order.length
  const high = buffers.high.subarray(0, size)
  counts.fill(0)
  for (let at = 0; at < size; at += 1) {
    const word = wordOf(order[at] ?? 0)
    high[at] = word
    bump(counts, word & MASK)
    bump(counts, BUCKETS + ((word >>> RADIX_BITS) & MASK))
    bump(counts, 2 * BUCKETS + (word >>> (2 * RADIX_BITS)))
  }
  let from = { keys: high, indexes: order }
  let to = { keys: buffers.otherHigh.subarray(0, size), indexes: buffers.other.subarray(0, size) }
  for (let pass = 0; pass < 3; pass += 1) {
    const digits = counts.subarray(pass * BUCKETS, (pass + 1) * BUCKETS)
    if (!toStarts(digits, size)) continue
    scatter(from, to, digits, pass * RADIX_BITS)
    ;[from, to] = [to, from]
  }
  if (from.indexes !== order) {
    order.set(from.indexes)
    high.set(from.keys)
  }
}

function bump(counts: Uint32Array, at: number): void {
  counts[at] = (counts[at] ?? 0) + 1
}

interface KeyedIndexes {
  readonly keys: Uint32Array
  readonly indexes: Uint32Array
}

function scatter(from: KeyedIndexes, to: KeyedIndexes, starts: Uint32Array, shift: number): void {
  const { keys, indexes } = from
  const { keys: toKeys, indexes: toIndexes } = to
  const size = keys.length
  for (let at = 0; at < size; at += 1) {
    const key = keys[at] ?? 0
    const digit = (key >>> shift) & MASK
    const place = starts[digit] ?? 0
    starts[digit] = place + 1
    toKeys[place] = key
    toIndexes[place] = indexes[at] ?? 0
  }
}

/** Turns counts into first places; false when all values share one digit and the pass would change nothing. */
function toStarts(digits: Uint32Array, size: number): boolean {
  let start = 0
  for (let digit = 0; digit < BUCKETS; digit += 1) {
    const count = digits[digit] ?? 0
    if (count === size) return false
    digits[digit] = start
    start += count
  }
  return true
}

/** Orders runs of equal upper halves by the whole value; false when a run is too long for that. */
function settleLowWords(values: Float64Array, order: Uint32Array, high: Uint32Array): boolean {
  const size = order.length
  let start = 0
  for (let at = 1; at < size; at += 1) {
    if (high[at] !== high[at - 1]) {
      start = at
      continue
    }
    const index = order[at] ?? 0
    const value = values[index] ?? 0
    let place = at
    while (place > start && (values[order[place - 1] ?? 0] ?? 0) > value) {
      if (at - place >= MAX_INSERTION) {
        order[place] = index
        return false
      }
      order[place] = order[place - 1] ?? 0
      place -= 1
    }
    order[place] = index
  }
  return true
}
