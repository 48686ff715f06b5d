import type { BenchmarkScore } from '@subnetkit/core'

import type { EpochScore } from '../../scoring/rule-set.ts'

/** What a stored score and a stored result have in common; the runs of a score stay where they are. */
export function earnedOf(
  { runs: _runs, components, ...score }: EpochScore,
  calculatedAt: Date,
): Omit<BenchmarkScore, 'imageType' | 'hotkey' | 'epochId' | 'tournamentId' | 'participantType' | 'rank'> {
  return { ...score, components: [...components], calculatedAt }
}
