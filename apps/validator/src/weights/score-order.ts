import { digitPlaces, type KeyDigits, type KeyedOrder, sortByKeys } from './radix-order.ts'

/** Up to this many values, the places of wide digits would cost more than the values themselves. */
const FEW = 500
const NARROW: KeyDigits = { bits: 8, digits: 2 }
const WIDE: KeyDigits = { bits: 11, digits: 2 }
/** Half of a double. */
const HALF: KeyDigits = { bits: 8, digits: 4 }
/** Moves for each value, on average, after which sorting by insertion gives up. */
const MAX_MOVES = 4

/** Memory to sort in, for one list of values after the other. */
export interface ScoreOrder {
  /** Whoever sorts writes indexes of values to the front of it; they are put into order there. */
  readonly order: Uint32Array
  /** The values in that order, -0 as 0. */
  readonly sorted: Float64Array
  readonly keyed: KeyedOrder
  readonly spare: KeyedOrder
  readonly places: Int32Array
}

/** Memory to sort up to `capacity` values in. */
export function createScoreOrder(capacity: number): ScoreOrder {
  const order = new Uint32Array(capacity)
  return {
    order,
    sorted: new Float64Array(capacity),
    keyed: { keys: new Uint32Array(capacity), order },
    spare: { keys: new Uint32Array(capacity), order: new Uint32Array(capacity) },
    places: digitPlaces(),
  }
}

/**
 * Puts the first `count` indexes in `order` into ascending order of `values[index]` and writes these values to `sorted`.
 * Equal values keep their order. No value may be NaN or infinite.
 *
 * Scores of most tasks are spread over their range, so their place in it is the key, which leaves few neighbours to
 * exchange. Where they crowd in few places, all their bits are the key, the lower half before the upper one.
 */
export function sortByValue(values: Float64Array, count: number, scores: ScoreOrder): void {
  const { order, sorted, keyed, spare, places } = scores
  gather(values, order, sorted, count)
  const digits = count <= FEW ? NARROW : WIDE
  keysOfPlace(sorted, keyed.keys, count, 1 << (digits.bits * digits.digits))
  sortByKeys(keyed, { count, spare, places }, digits)
  gather(values, order, sorted, count)
  if (insertInOrder(sorted, order, count)) return
  for (const half of ['lower', 'upper'] as const) {
    keysOfHalf(half, sorted, keyed.keys, count)
    sortByKeys(keyed, { count, spare, places }, HALF)
    gather(values, order, sorted, count)
  }
}

function gather(values: Float64Array, order: Uint32Array, sorted: Float64Array, count: number): void {
  for (let at = 0; at < count; at += 1) sorted[at] = (values[order[at] ?? 0] ?? 0) + 0
}

/** Which of `slices` of their range values are in. When all are equal, or nearly so, the scale is infinite and all are in slice 0. */
function keysOfPlace(values: Float64Array, keys: Uint32Array, count: number, slices: number): void {
  let least = Infinity
  let most = -Infinity
  for (let at = 0; at < count; at += 1) {
    const value = values[at] ?? 0
    if (value < least) least = value
    if (value > most) most = value
  }
  const scale = (slices - 1) / (most - least)
  for (let at = 0; at < count; at += 1) keys[at] = (((values[at] ?? 0) - least) * scale) | 0
}

/** 32 bits of each value, taken so that unsigned order by the lower and then by the upper ones is numeric order. */
function keysOfHalf(half: 'lower' | 'upper', values: Float64Array, keys: Uint32Array, count: number): void {
  // Doubles are little-endian wherever Node runs: the upper half is the second word.
  const words = new Int32Array(values.buffer, values.byteOffset, 2 * count)
  for (let at = 0; at < count; at += 1) {
    const upper = words[2 * at + 1] ?? 0
    // All bits of a negative double turn, of another one the sign alone.
    const turned = upper >> 31
    keys[at] = half === 'upper' ? upper ^ (turned | -0x8000_0000) : (words[2 * at] ?? 0) ^ turned
  }
}

/** Sorts values that are nearly in order, and their indexes with them; gives up, with all of them there, when they are not. */
function insertInOrder(sorted: Float64Array, order: Uint32Array, count: number): boolean {
  let moves = MAX_MOVES * count
  let last = -Infinity
  for (let at = 0; at < count; at += 1) {
    const value = sorted[at] ?? 0
    if (value >= last) {
      last = value
      continue
    }
    const index = order[at] ?? 0
    let place = at
    for (; place > 0 && (sorted[place - 1] ?? 0) > value && moves > 0; place -= 1, moves -= 1) {
      sorted[place] = sorted[place - 1] ?? 0
      order[place] = order[place - 1] ?? 0
    }
    sorted[place] = value
    order[place] = index
    if (moves === 0) return false
  }
  return true
}
