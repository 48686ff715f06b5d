import type { ScoredAlert } from './alert-scorer.ts'

/** The place of one alert. */
export interface RankedAlert {
  readonly alertId: string
  /** 1 is the most urgent. */
  readonly rank: number
  /** The value by which it was ranked. */
  readonly score: number
}

/** Orders alerts by urgency. */
export interface AlertRanker {
  readonly version: string
  /** Ranks 1…n, each once, in rank order. */
  rank(scored: readonly ScoredAlert[]): readonly RankedAlert[]
}

/** Ranks by score, highest first; ties go to the smaller alert id, so that the ranks never depend on input order. */
export const scoreOrderRanker: AlertRanker = {
  version: 'score-order-1',
  rank(scored) {
    const ordered = [...scored].sort((a, b) => b.score - a.score || compareIds(a.alertId, b.alertId))
    return ordered.map(({ alertId, score }, index) => ({ alertId, rank: index + 1, score }))
  },
}

function compareIds(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
