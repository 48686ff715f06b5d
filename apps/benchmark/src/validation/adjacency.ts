import type { GrowingIntegers } from './growing-integers.ts'

/** For each row a sorted list of distinct values, all lists in one flat array. */
export class Adjacency {
  readonly #starts: Int32Array
  readonly #values: Int32Array

  constructor(starts: Int32Array, values: Int32Array) {
    this.#starts = starts
    this.#values = values
  }

  degree(row: number): number {
    return (this.#starts[row + 1] ?? 0) - (this.#starts[row] ?? 0)
  }

  /** Whether a row holds a value, in as many steps as its length has binary digits. */
  has(row: number, value: number): boolean {
    let low = this.#starts[row] ?? 0
    let high = this.#starts[row + 1] ?? 0
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#values[middle] ?? 0) < value) low = middle + 1
      else high = middle
    }
    return low < (this.#starts[row + 1] ?? 0) && this.#values[low] === value
  }
}

/** Sorts pairs into an {@link Adjacency}: by value, then, keeping that order, by row. Rows are 0 … `rows` − 1, as values are. */
export function compressPairs(rows: number, sources: GrowingIntegers, targets: GrowingIntegers): Adjacency {
  const count = sources.length
  const byTarget = new Int32Array(count)
  const targetPlaces = placesOf(rows, targets)
  for (let pair = 0; pair < count; pair++) byTarget[takePlace(targetPlaces, targets.at(pair))] = pair
  const sorted = new Int32Array(count)
  const starts = placesOf(rows, sources)
  const places = starts.slice()
  for (const pair of byTarget) sorted[takePlace(places, sources.at(pair))] = targets.at(pair)
  return withoutRepeats(rows, starts, sorted)
}

/** Where each value's pairs begin once they are sorted; one entry more, for the end. */
function placesOf(rows: number, values: GrowingIntegers): Int32Array {
  const places = new Int32Array(rows + 1)
  for (let at = 0; at < values.length; at++) {
    const next = values.at(at) + 1
    places[next] = (places[next] ?? 0) + 1
  }
  for (let row = 1; row <= rows; row++) places[row] = (places[row] ?? 0) + (places[row - 1] ?? 0)
  return places
}

function takePlace(places: Int32Array, value: number): number {
  const place = places[value] ?? 0
  places[value] = place + 1
  return place
}

function withoutRepeats(rows: number, starts: Int32Array, sorted: Int32Array): Adjacency {
  const kept = new Int32Array(rows + 1)
  let end = 0
  for (let row = 0; row < rows; row++) {
    const first = end
    for (let at = starts[row] ?? 0; at < (starts[row + 1] ?? 0); at++) {
      const value = sorted[at] ?? 0
      if (end > first && sorted[end - 1] === value) continue
      sorted[end] = value
      end += 1
    }
    kept[row + 1] = end
  }
  return new Adjacency(kept, sorted.slice(0, end))
}
