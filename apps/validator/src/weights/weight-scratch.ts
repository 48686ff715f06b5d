import { createTaskRanking, type PathwaySums, type TaskRanking } from './pathway-sums.ts'
import { createScoreOrder, type ScoreOrder } from './score-order.ts'

/** Memory in which one computation after the other is done, one number per miner in each column. */
export interface WeightScratch {
  readonly size: number
  readonly scores: ScoreOrder
  readonly ranking: TaskRanking
  readonly sums: PathwaySums
  readonly raw: Float64Array
  readonly normalised: Float64Array
  readonly curved: Float64Array
  readonly weights: Float64Array
}

let kept: WeightScratch = createScratch(0)

/**
 * Memory for `size` miners, the same as the last time when they were as many: most of the time of a large computation would
 * go into memory that is new. It holds what the last computation left, and nothing of it may be in a result but as a copy;
 * a computation that never waits has it to itself.
 */
export function weightScratch(size: number): WeightScratch {
  if (kept.size !== size) kept = createScratch(size)
  return kept
}

function createScratch(size: number): WeightScratch {
  return {
    size,
    scores: createScoreOrder(size),
    ranking: createTaskRanking(size),
    sums: {
      contributions: new Float64Array(size),
      excellence: new Float64Array(size),
      excellenceTask: new Int16Array(size),
      taskCounts: new Uint16Array(size),
    },
    raw: new Float64Array(size),
    normalised: new Float64Array(size),
    curved: new Float64Array(size),
    weights: new Float64Array(size),
  }
}
