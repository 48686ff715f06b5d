/** Averages closer than this are equal: sums of the same scores may differ in their last bits. */
const STEP = 1e-9

/**
 * Places by descending value, equal values sharing the better place and the next ones left out: 1, 1, 3. Null has no
 * place and takes none.
 */
export function competitionRanks(values: readonly (number | null)[]): readonly (number | null)[] {
  const rounded = values.map((value) => (value === null ? null : Math.round(value / STEP)))
  const descending = rounded.filter((value) => value !== null).toSorted((a, b) => b - a)
  const places = new Map<number, number>()
  for (const [at, value] of descending.entries()) if (!places.has(value)) places.set(value, at + 1)
  return rounded.map((value) => (value === null ? null : (places.get(value) ?? null)))
}
