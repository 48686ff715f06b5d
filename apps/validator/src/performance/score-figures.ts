import type { TaskPerformance, TaskScoreSummary } from '@subnetkit/core'

/** What a set of scores looks like; all null without scores. */
export type ScoreFigures = Pick<
  TaskPerformance,
  'scoreMin' | 'scoreMax' | 'scoreDeviation' | 'scoreMedian' | 'scoreP25' | 'scoreP75'
>

/** The columns of a summary. Equal scores have no deviation, whatever rounding leaves of it. */
export function scoreFigures(summary: TaskScoreSummary | undefined): ScoreFigures {
  if (summary === undefined) {
    return {
      scoreMin: null,
      scoreMax: null,
      scoreDeviation: null,
      scoreMedian: null,
      scoreP25: null,
      scoreP75: null,
    }
  }
  const { min, max, deviation, median, p25, p75 } = summary
  return {
    scoreMin: min,
    scoreMax: max,
    scoreDeviation: min === max ? 0 : deviation,
    scoreMedian: median,
    scoreP25: p25,
    scoreP75: p75,
  }
}
