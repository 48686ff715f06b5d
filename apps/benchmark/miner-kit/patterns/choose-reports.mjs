const MOST_ADDRESSES = 64

/**
 * Each report that is wrong costs as much as a right one earns, so each account is reported once, in the finding that is
 * surest about it.
 */
export function chooseReports(findings) {
  const taken = new Set()
  const chosen = []
  for (const finding of [...findings].sort((a, b) => b.confidence - a.confidence)) {
    const { addresses } = finding
    if (addresses.length < 2 || addresses.length > MOST_ADDRESSES) continue
    if (addresses.some((address) => taken.has(address))) continue
    for (const address of addresses) taken.add(address)
    chosen.push({ pattern_id: `finding-${chosen.length + 1}`, ...finding })
  }
  return chosen
}
