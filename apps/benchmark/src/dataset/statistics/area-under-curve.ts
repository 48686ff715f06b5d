/**
 * Area under the ROC curve: the chance that a planted account has a greater value than another account, ties counting
 * half. 0.5 says that the column does not tell them apart; 0 and 1 that it tells all. Null when either side is empty.
 */
export function areaUnderCurve(planted: readonly number[], rest: readonly number[]): number | null {
  if (planted.length === 0 || rest.length === 0) return null
  const a = Float64Array.from(planted).sort()
  const b = Float64Array.from(rest).sort()
  let below = 0
  let upTo = 0
  let halves = 0
  for (const value of a) {
    while (below < b.length && (b[below] ?? 0) < value) below += 1
    while (upTo < b.length && (b[upTo] ?? 0) <= value) upTo += 1
    halves += below + upTo
  }
  return Math.round((halves * 5_000) / (a.length * b.length)) / 10_000
}
