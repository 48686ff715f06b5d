import { sortByHalf } from './radix-order.ts'

/** Values for each slice, were they spread evenly. */
const PER_SLICE = 4
/** Moves for each value, on average, after which sorting by insertion gives up. */
const MAX_MOVES = 4

/**
 * Puts the indexes in `order` into ascending order of `values[index]` and writes these values, -0 as 0, to `sorted`, which
 * is as long as `order`. Equal values keep their order, 0 and -0 aside. No value may be NaN or infinite.
 *
 * Scores of most tasks are spread over their range, so values go to slices of it, which leaves few neighbours to exchange.
 * Where they crowd in few slices, the radix of their bits orders them, however they are spread.
 */
export function sortByValue(values: Float64Array, order: Uint32Array, sorted: Float64Array): void {
  spreadToSlices(values, order, sorted)
  if (insertInOrder(sorted, order)) return
  sortByHalf('upper', values, order)
  gather(values, order, sorted)
  if (insertInOrder(sorted, order)) return
  sortByHalf('lower', values, order)
  sortByHalf('upper', values, order)
  gather(values, order, sorted)
}

function spreadToSlices(values: Float64Array, order: Uint32Array, sorted: Float64Array): void {
  const size = order.length
  let least = Infinity
  let most = -Infinity
  for (let at = 0; at < size; at += 1) {
    const value = values[order[at] ?? 0] ?? 0
    if (value < least) least = value
    if (value > most) most = value
  }
  const slices = Math.ceil(size / PER_SLICE)
  const scale = slices / (most - least)
  // One place further on, so that the sum of counts up to a slice is where it starts.
  const places = new Int32Array(slices + 2)
  for (let at = 0; at < size; at += 1) {
    const slice = sliceOf(values[order[at] ?? 0] ?? 0, least, scale) + 1
    places[slice] = (places[slice] ?? 0) + 1
  }
  for (let slice = 1; slice < places.length; slice += 1) {
    places[slice] = (places[slice] ?? 0) + (places[slice - 1] ?? 0)
  }
  const spread = new Uint32Array(size)
  for (let at = 0; at < size; at += 1) {
    const index = order[at] ?? 0
    const value = values[index] ?? 0
    const slice = sliceOf(value, least, scale)
    const place = places[slice] ?? 0
    places[slice] = place + 1
    spread[place] = index
    sorted[place] = value + 0
  }
  order.set(spread)
}

/** Never falls as the value grows. When all are equal, or nearly so, the scale is infinite and all are in slice 0. */
function sliceOf(value: number, least: number, scale: number): number {
  return ((value - least) * scale) | 0
}

/** Sorts values that are nearly in order, and their indexes with them; gives up, with all of them there, when they are not. */
function insertInOrder(sorted: Float64Array, order: Uint32Array): boolean {
  const size = sorted.length
  let moves = MAX_MOVES * size
  let last = -Infinity
  for (let at = 0; at < size; at += 1) {
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

function gather(values: Float64Array, order: Uint32Array, sorted: Float64Array): void {
  for (let at = 0; at < order.length; at += 1) sorted[at] = (values[order[at] ?? 0] ?? 0) + 0
}
