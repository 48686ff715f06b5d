const DIGIT_BITS = 11
const DIGITS = 1 << DIGIT_BITS
const MASK = DIGITS - 1
const PASSES = 3

/** Which 32 bits of a double. */
type Half = 'upper' | 'lower'

/**
 * Puts the indexes in `order` into ascending order of one half of the bits of `values[index]`, taken so that unsigned order
 * is numeric order: by `lower` and then by `upper` is by the whole value, -0 before 0. Equal halves keep their order. It
 * takes the same time however values are spread: three passes over digits of 11 bits.
 */
export function sortByHalf(half: Half, values: Float64Array, order: Uint32Array): void {
  const size = order.length
  // Doubles are little-endian wherever Node runs: the upper half is the second word.
  const words = new Int32Array(values.buffer, values.byteOffset, values.length * 2)
  /** How often each digit occurs, then where the next value with it goes; one stretch per pass. */
  const places = new Int32Array(PASSES * DIGITS)
  let from: KeyedOrder = { keys: new Int32Array(size), order }
  let to: KeyedOrder = { keys: new Int32Array(size), order: new Uint32Array(size) }
  const { keys } = from
  for (let at = 0; at < size; at += 1) {
    const word = 2 * (order[at] ?? 0)
    const upper = words[word + 1] ?? 0
    // All bits of a negative double turn, of another one the sign alone.
    const turned = upper >> 31
    const key = half === 'upper' ? upper ^ (turned | -0x8000_0000) : (words[word] ?? 0) ^ turned
    keys[at] = key
    bump(places, key & MASK)
    bump(places, DIGITS + ((key >>> DIGIT_BITS) & MASK))
    bump(places, 2 * DIGITS + (key >>> (2 * DIGIT_BITS)))
  }
  for (let pass = 0; pass < PASSES; pass += 1) {
    if (!toPlaces(places, pass, size)) continue
    scatter(from, to, places, pass)
    ;[from, to] = [to, from]
  }
  if (from.order !== order) order.set(from.order)
}

function bump(places: Int32Array, at: number): void {
  places[at] = (places[at] ?? 0) + 1
}

interface KeyedOrder {
  readonly keys: Int32Array
  readonly order: Uint32Array
}

/** Turns counts into first places; false when all values share one digit and the pass would change nothing. */
function toPlaces(places: Int32Array, pass: number, size: number): boolean {
  let place = 0
  for (let at = pass * DIGITS; at < (pass + 1) * DIGITS; at += 1) {
    const count = places[at] ?? 0
    if (count === size) return false
    places[at] = place
    place += count
  }
  return true
}

function scatter(from: KeyedOrder, to: KeyedOrder, places: Int32Array, pass: number): void {
  const { keys, order } = from
  const { keys: toKeys, order: toOrder } = to
  const shift = pass * DIGIT_BITS
  const base = pass * DIGITS
  for (let at = 0; at < keys.length; at += 1) {
    const key = keys[at] ?? 0
    const digit = base + ((key >>> shift) & MASK)
    const place = places[digit] ?? 0
    places[digit] = place + 1
    toKeys[place] = key
    toOrder[place] = order[at] ?? 0
  }
}
