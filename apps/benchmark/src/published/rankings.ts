import type { BenchmarkScore, ImageType, Repositories } from '@subnetkit/core'

import { collectItems } from './collect-items.ts'

/** More miners than a subnet has had in years. */
const MOST_MINERS = 100_000

/**
 * The newest score of each miner of a type outside of tournaments, by rank; those that were not ranked yet come after
 * them, the better ones first.
 */
export async function readRankings(
  { benchmarkScores }: Pick<Repositories, 'benchmarkScores'>,
  imageType: ImageType,
  signal: AbortSignal,
): Promise<readonly BenchmarkScore[]> {
  const { items } = await collectItems(MOST_MINERS, (page) =>
    benchmarkScores.listLatest({ imageType, isTournamentIncluded: false, ...page }, { signal }),
  )
  return items.toSorted(
    (a, b) =>
      (a.rank ?? Number.POSITIVE_INFINITY) - (b.rank ?? Number.POSITIVE_INFINITY) ||
      b.finalScore - a.finalScore ||
      (a.hotkey < b.hotkey ? -1 : 1),
  )
}
