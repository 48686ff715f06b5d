import type { ImageType, ParticipantType } from '@subnetkit/core'

import type { ColumnSpec } from '../codecs/column-spec.ts'
import { column } from '../codecs/column.ts'

/** A submission's type; the numbers sort as the names do. */
export const imageTypeColumn: ColumnSpec<ImageType> = column.enum8({ analytics: 1, ml: 2 })

/** Miner or baseline. */
export const participantTypeColumn: ColumnSpec<ParticipantType> = column.enum8({ miner: 1, baseline: 2 })

/** What a submission earned, in `benchmark_scores` and `tournament_results`. */
export const earnedScoreColumns = {
  ruleSet: column.lowCardinality(),
  finalScore: column.float64(),
  components: column.array(
    column.tuple({
      name: column.enum8({ accuracy: 1, correctness: 2, performance: 3, novelty: 4 }),
      weight: column.uint8(),
      score: column.float64(),
    }),
  ),
  baselineComparisonRatio: column.float64(),
  averageExecutionTimeSeconds: column.float64(),
  isDataCorrectOnAllDays: column.bool(),
  isWithinTimeLimit: column.bool(),
  daysCompleted: column.uint64Number(),
  runsCompleted: column.uint64Number(),
  disqualification: column.nullable(column.string()),
  calculatedAt: column.dateTime64(),
} as const
