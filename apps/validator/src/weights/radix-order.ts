/** Indexes, each with the key that it is sorted by; entries behind those in use mean nothing. */
export interface KeyedOrder {
  readonly keys: Uint32Array
  readonly order: Uint32Array
}

/** How keys are read: as many `digits` of `bits` each, from the last one on. */
export interface KeyDigits {
  readonly bits: 8 | 11
  /** Even, so that what is sorted comes back to where it was. */
  readonly digits: 2 | 4
}

/** Room for the places of one digit of any width. */
export function digitPlaces(): Int32Array {
  return new Int32Array(2 ** 11)
}

/**
 * Puts the first `count` entries of `keyed` into ascending order of their keys, moving them to `spare` and back; equal keys
 * keep their order. It takes the same time however keys are spread. `places` is from {@link digitPlaces}.
 */
export function sortByKeys(
  keyed: KeyedOrder,
  { count, spare, places }: Readonly<{ count: number; spare: KeyedOrder; places: Int32Array }>,
  { bits, digits }: KeyDigits,
): void {
  for (let digit = 0; digit < digits; digit += 2) {
    moveByDigit({ from: keyed, to: spare, count, places }, digit * bits, bits)
    moveByDigit({ from: spare, to: keyed, count, places }, (digit + 1) * bits, bits)
  }
}

interface Move {
  readonly from: KeyedOrder
  readonly to: KeyedOrder
  readonly count: number
  readonly places: Int32Array
}

function moveByDigit({ from, to, count, places }: Move, shift: number, bits: number): void {
  const size = 1 << bits
  const mask = size - 1
  const { keys, order } = from
  const { keys: toKeys, order: toOrder } = to
  places.fill(0, 0, size)
  for (let at = 0; at < count; at += 1) {
    const digit = ((keys[at] ?? 0) >>> shift) & mask
    places[digit] = (places[digit] ?? 0) + 1
  }
  let first = 0
  for (let digit = 0; digit < size; digit += 1) {
    const found = places[digit] ?? 0
    places[digit] = first
    first += found
  }
  for (let at = 0; at < count; at += 1) {
    const key = keys[at] ?? 0
    const digit = (key >>> shift) & mask
    const place = places[digit] ?? 0
    places[digit] = place + 1
    toKeys[place] = key
    toOrder[place] = order[at] ?? 0
  }
}
