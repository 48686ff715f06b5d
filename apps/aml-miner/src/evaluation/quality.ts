/** One account as the evaluation sees it. */
export interface JudgedAccount {
  readonly address: string
  readonly isPositive: boolean
  /** Highest score of the account's alerts, in [0, 1]; 0 without an alert. */
  readonly score: number
}

/**
 * Area under the ROC curve of a score: the chance that a random positive scores above a random negative, ties counting
 * half. Null when one class is missing, because the question then has no answer.
 */
export function areaUnderCurve(accounts: readonly JudgedAccount[]): number | null {
  const ordered = accounts.toSorted((a, b) => a.score - b.score)
  const positives = ordered.filter(({ isPositive }) => isPositive).length
  const negatives = ordered.length - positives
  if (positives === 0 || negatives === 0) return null
  let rankSum = 0
  for (let start = 0; start < ordered.length;) {
    const score = ordered[start]?.score
    let end = start
    let tied = 0
    while (end < ordered.length && ordered[end]?.score === score) {
      if (ordered[end]?.isPositive === true) tied += 1
      end += 1
    }
    rankSum += tied * ((start + 1 + end) / 2)
    start = end
  }
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives)
}

/**
 * Share of positives among the `k` highest-scoring accounts; ties go to the smaller address. With fewer than `k`
 * accounts that score above 0, the share is over those. Null when none does.
 */
export function accountPrecisionAt(accounts: readonly JudgedAccount[], k: number): number | null {
  const top = accounts
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score || (a.address < b.address ? -1 : 1))
    .slice(0, k)
  return top.length === 0 ? null : top.filter(({ isPositive }) => isPositive).length / top.length
}

/** Share of the given ranked addresses (one per alert, most urgent first) that are positive, over the first `k`. */
export function alertPrecisionAt(
  rankedAddresses: readonly string[],
  positives: ReadonlySet<string>,
  k: number,
): number | null {
  const top = rankedAddresses.slice(0, k)
  return top.length === 0 ? null : top.filter((address) => positives.has(address)).length / top.length
}

/** Share of `wanted` that is in `found`; null when nothing is wanted. */
export function recallOf(wanted: ReadonlySet<string>, found: ReadonlySet<string>): number | null {
  if (wanted.size === 0) return null
  let hits = 0
  for (const item of wanted) if (found.has(item)) hits += 1
  return hits / wanted.size
}
