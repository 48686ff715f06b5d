/** Finds medians over the same voters again and again without allocating. */
export interface WeightedMedian {
  /**
   * The stake-weighted median of `scores[offset …]`, one per voter in the order of their stake. It is the largest score
   * that voters with at least the majority of the stake give or exceed, found by the chain's pivot search, whose pivot is
   * always the middle element, so that borderline cases fall as they do there. 0 without voters.
   */
  find(scores: Float64Array, offset: number): number
}

/**
 * Prepares for the voters of one epoch. `stake` and `total` are in any one unit, `minority` is the total less the
 * majority asked for.
 */
export function createWeightedMedian(stake: Float64Array, total: number, minority: number): WeightedMedian {
  const size = stake.length
  const everyone = Int32Array.from(stake, (_stake, index) => index)
  const spare = [0, 1, 2, 3].map(() => new Int32Array(size))
  return {
    find(scores, offset) {
      let part = everyone
      let count = size
      let low = 0
      let high = total
      for (let round = 0; count > 1; round += 1) {
        const pivot = scores[offset + (part[count >> 1] ?? 0)] ?? 0
        const lower = spare[(round & 1) * 2] ?? everyone
        const upper = spare[(round & 1) * 2 + 1] ?? everyone
        let lowerCount = 0
        let upperCount = 0
        let lowerStake = 0
        let upperStake = 0
        for (let at = 0; at < count; at += 1) {
          const voter = part[at] ?? 0
          const score = scores[offset + voter] ?? 0
          if (score < pivot) {
            lowerStake += stake[voter] ?? 0
            lower[lowerCount++] = voter
          } else if (score > pivot) {
            upperStake += stake[voter] ?? 0
            upper[upperCount++] = voter
          }
        }
        const isBelow = minority < low + lowerStake
        const isAbove = high - upperStake <= minority
        if (isBelow && lowerCount > 0) {
          high = low + lowerStake
          part = lower
          count = lowerCount
        } else if (isAbove && upperCount > 0) {
          low = high - upperStake
          part = upper
          count = upperCount
        } else {
          return pivot
        }
      }
      return count === 0 ? 0 : (scores[offset + (part[0] ?? 0)] ?? 0)
    },
  }
}
