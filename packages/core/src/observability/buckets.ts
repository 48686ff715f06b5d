/** Upper bounds of duration histograms, in seconds. */
export const DURATION_BUCKETS: readonly number[] = Object.freeze([
  0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
])

/** Upper bounds of size histograms, in bytes: 64 · 4^k up to 16 MiB. */
export const SIZE_BUCKETS: readonly number[] = Object.freeze(
  Array.from({ length: 10 }, (_, k) => 64 * 4 ** k),
)

/** Upper bounds of row count histograms. */
export const COUNT_BUCKETS: readonly number[] = Object.freeze([
  1, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000,
])
