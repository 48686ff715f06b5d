import type { CallOptions, MinerScore, MinerScoreRepository, ScoreSnapshot } from '@subnetkit/core'

import { allItems } from '../all-items.ts'

/** All scores of a snapshot, in the order of hotkeys; none when it was not published. */
export function snapshotScores(
  minerScores: Pick<MinerScoreRepository, 'list'>,
  params: Readonly<{ snapshot: Pick<ScoreSnapshot, 'snapshotId' | 'blockNumber'>; now: Date }>,
  options?: CallOptions,
): AsyncIterable<MinerScore> {
  return allItems((page) => minerScores.list({ ...params, ...page }, options))
}
