const MOST_SLICES = 4_096

/** The linear quantile (type 7) of numbers in ascending order, `share` in [0, 1]; NaN of nothing. */
export function linearQuantile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1)
  const below = Math.max(0, Math.floor(place))
  const low = sorted[below] ?? Number.NaN
  return between(low, sorted[below + 1] ?? low, place - below)
}

/**
 * The linear quantile of the numbers above 0, all of which lie in (0, 1], without sorting them: counting them into slices
 * of [0, 1] says in which few of them both of its neighbours are. NaN when no number is above 0. What is in these slices
 * is sorted in `room`, as long as `values`.
 */
export function positiveQuantile(values: Float64Array, share: number, room: Float64Array): number {
  const slices = Math.min(values.length, MOST_SLICES)
  const counts = new Uint32Array(slices + 1)
  let count = 0
  for (let at = 0; at < values.length; at += 1) {
    const value = values[at] ?? 0
    if (!(value > 0)) continue
    const slice = (value * slices) | 0
    counts[slice] = (counts[slice] ?? 0) + 1
    count += 1
  }
  const place = share * (count - 1)
  const below = Math.max(0, Math.floor(place))
  const first = sliceHolding(counts, below)
  const last = sliceHolding(counts, Math.min(below + 1, count - 1))
  let near = 0
  for (let at = 0; at < values.length; at += 1) {
    const value = values[at] ?? 0
    const slice = (value * slices) | 0
    if (slice < first.slice || slice > last.slice || !(value > 0)) continue
    room[near] = value
    near += 1
  }
  const sorted = room.subarray(0, near).sort()
  const low = sorted[below - first.before] ?? Number.NaN
  return between(low, sorted[below + 1 - first.before] ?? low, place - below)
}

function between(low: number, high: number, way: number): number {
  return low + (high - low) * way
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
  return { slice: counts.length - 1, before }
}
