/** Below this many numbers, sorting all is as fast as choosing. */
const FEW = 500
const SLICES = 4_096

/** The linear quantile (type 7) of numbers in ascending order, `share` in [0, 1]; NaN of nothing. */
export function linearQuantile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1)
  const below = Math.max(0, Math.floor(place))
  const low = sorted[below] ?? Number.NaN
  return between(low, sorted[below + 1] ?? low, place - below)
}

/**
 * The linear quantile of the numbers above 0, all of which lie in (0, 1], without sorting them: counting them into slices
 * of [0, 1] says in which few of them both of its neighbours are. NaN when no number is above 0.
 */
export function positiveQuantile(values: Float64Array, share: number): number {
  if (values.length < FEW) return linearQuantile(sortedPositive(values), share)
  const counts = new Uint32Array(SLICES + 1)
  let count = 0
  for (let at = 0; at < values.length; at += 1) {
    const value = values[at] ?? 0
    if (!(value > 0)) continue
    const slice = sliceOf(value)
    counts[slice] = (counts[slice] ?? 0) + 1
    count += 1
  }
  const place = share * (count - 1)
  const below = Math.max(0, Math.floor(place))
  const first = sliceHolding(counts, below)
  const last = sliceHolding(counts, Math.min(below + 1, count - 1))
  const near = sortedPositive(values, first.slice, last.slice)
  const low = near[below - first.before] ?? Number.NaN
  return between(low, near[below + 1 - first.before] ?? low, place - below)
}

/** The numbers above 0, ascending, of some slices of [0, 1] or of all. */
export function sortedPositive(values: Float64Array, first = 0, last = SLICES): Float64Array {
  const found: number[] = []
  for (let at = 0; at < values.length; at += 1) {
    const value = values[at] ?? 0
    if (!(value > 0)) continue
    const slice = sliceOf(value)
    if (slice >= first && slice <= last) found.push(value)
  }
  return Float64Array.from(found).sort()
}

function between(low: number, high: number, way: number): number {
  return low + (high - low) * way
}

function sliceOf(value: number): number {
  return Math.floor(value * SLICES)
}

/** The slice in which the number of rank `place` is, and how many come in slices before it. */
function sliceHolding(
  counts: Uint32Array,
  place: number,
): { readonly slice: number; readonly before: number } {
  let before = 0
  for (let slice = 0; slice < counts.length; slice += 1) {
    const count = counts[slice] ?? 0
    if (place < before + count) return { slice, before }
    before += count
  }
  return { slice: SLICES, before }
}
