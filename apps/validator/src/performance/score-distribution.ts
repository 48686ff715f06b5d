import { linearQuantile } from '../weights/task-statistics.ts'

/** What a set of scores looks like; all null without scores. */
export interface ScoreDistribution {
  readonly scoreMin: number | null
  readonly scoreMax: number | null
  /** Of the population. */
  readonly scoreDeviation: number | null
  readonly scoreMedian: number | null
  /** Quartiles by linear interpolation. */
  readonly scoreP25: number | null
  readonly scoreP75: number | null
}

/** Scores in ascending order with their mean; sums run in that order, so that none depends on who came first. */
export interface SortedScores {
  readonly values: Float64Array
  /** Null without scores. */
  readonly mean: number | null
}

/** Sorts scores and takes their mean. */
export function sortScores(scores: Iterable<number>): SortedScores {
  const values = Float64Array.from(scores).sort()
  let sum = 0
  for (const value of values) sum += value
  return { values, mean: values.length === 0 ? null : sum / values.length }
}

/** Smallest, largest, population deviation, median and quartiles. */
export function scoreDistribution({ values, mean }: SortedScores): ScoreDistribution {
  if (mean === null) {
    return {
      scoreMin: null,
      scoreMax: null,
      scoreDeviation: null,
      scoreMedian: null,
      scoreP25: null,
      scoreP75: null,
    }
  }
  let squares = 0
  for (const value of values) squares += (value - mean) ** 2
  return {
    scoreMin: linearQuantile(values, 0),
    scoreMax: linearQuantile(values, 1),
    scoreDeviation: Math.sqrt(squares / values.length),
    scoreMedian: linearQuantile(values, 0.5),
    scoreP25: linearQuantile(values, 0.25),
    scoreP75: linearQuantile(values, 0.75),
  }
}
