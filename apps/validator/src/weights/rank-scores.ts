import { sortByValue } from './score-order.ts'

/** Up to this many scores, sorting them alone and looking each up is faster than sorting who has them. */
const SMALL = 600

/** One task's scores, ranked. */
export interface RankedScores {
  /** The scores that count, ascending; -0 is 0. */
  readonly sorted: Float64Array
  /** By miner: how many scores are at or below its own, 0 without a score. All with the same score share a rank. */
  readonly ranks: Uint32Array
}

/** Ranks one task after the other. What it gives is overwritten by the next task. */
export type RankScores = (column: Float64Array, counted: Uint32Array) => RankedScores

/**
 * A ranking of columns of `size` scores, of which those of the miners in `counted` count, none of them NaN; `counted`
 * comes back in another order.
 */
export function createRanking(size: number): RankScores {
  const sortable = new Float64Array(size)
  const ranks = new Uint32Array(size)
  return (column, counted) => {
    const sorted = sortable.subarray(0, counted.length)
    ranks.fill(0)
    if (counted.length <= SMALL) {
      rankByLookup(column, counted, sorted, ranks)
    } else {
      sortByValue(column, counted, sorted)
      rankByOrder(counted, sorted, ranks)
    }
    return { sorted, ranks }
  }
}

function rankByLookup(
  column: Float64Array,
  counted: Uint32Array,
  sorted: Float64Array,
  ranks: Uint32Array,
): void {
  const count = counted.length
  for (let at = 0; at < count; at += 1) sorted[at] = (column[counted[at] ?? 0] ?? 0) + 0
  sorted.sort()
  for (let at = 0; at < count; at += 1) {
    const miner = counted[at] ?? 0
    ranks[miner] = countAtOrBelow(sorted, column[miner] ?? 0)
  }
}

function countAtOrBelow(sorted: Float64Array, score: number): number {
  let from = 0
  let to = sorted.length
  while (from < to) {
    const middle = (from + to) >>> 1
    if ((sorted[middle] ?? 0) <= score) from = middle + 1
    else to = middle
  }
  return from
}

function rankByOrder(order: Uint32Array, sorted: Float64Array, ranks: Uint32Array): void {
  let rank = sorted.length
  let above = Number.NaN
  for (let at = sorted.length - 1; at >= 0; at -= 1) {
    const score = sorted[at] ?? 0
    if (score !== above) rank = at + 1
    above = score
    ranks[order[at] ?? 0] = rank
  }
}
