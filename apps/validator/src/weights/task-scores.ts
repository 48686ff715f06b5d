import { InputError } from '@subnetkit/core'

import type { MinerColumns } from './miner-columns.ts'
import type { PathwaysParameters } from './pathways-parameters.ts'

/** Smallest double of full precision. */
const SMALLEST_NORMAL = 2 ** -1022
/** Squares of larger scores would not be numbers any more for long; whoever sends one is treated as if it were infinite. */
const LARGEST_SCORE = 1e9

type Policy = Pick<
  PathwaysParameters,
  'zeroIsAbsent' | 'infiniteScores' | 'negativeScores' | 'denormalScores'
>

/** A column of scores without what does not count. */
export interface CountedScores {
  /** By miner; whether an entry counts is said by `miners` alone. */
  readonly values: Float64Array
  /** Indexes of the miners with a score, in the order of miners. */
  readonly miners: Uint32Array
}

/** The column of one task; NaN is no score. @throws InputError when it is missing or does not fit the miners. */
export function columnOf(
  scores: ReadonlyMap<string, Float64Array>,
  task: string,
  size: number,
): Float64Array {
  const column = scores.get(task)
  if (column === undefined || column.length !== size) {
    throw new InputError({
      field: `scores of ${task}`,
      ...(column === undefined ? {} : { value: column.length }),
      problem: column === undefined ? 'are missing' : 'is not the number of miners',
      hint: `give ${size} numbers, NaN where a miner has no score`,
    })
  }
  return column
}

/** Leaves out what the parameters call absent. @throws InputError naming task and uid of a refused score. */
export function countedScores(
  task: string,
  column: Float64Array,
  columns: MinerColumns,
  policy: Policy,
): CountedScores {
  const size = column.length
  const miners = new Uint32Array(size)
  // Copied only when a value has to change: -0, which must sort like 0.
  let values = column
  let count = 0
  for (let index = 0; index < size; index += 1) {
    const score = column[index] ?? Number.NaN
    if (!(score >= SMALLEST_NORMAL && score <= LARGEST_SCORE)) {
      if (!countsAsScore(score, policy, () => `${task} score of uid ${columns.uids[index]}`)) continue
      if (Object.is(score, -0)) {
        if (values === column) values = column.slice()
        values[index] = 0
      }
    }
    miners[count] = index
    count += 1
  }
  return { values, miners: miners.subarray(0, count) }
}

function countsAsScore(score: number, policy: Policy, field: () => string): boolean {
  if (Number.isNaN(score)) return false
  if (score === 0) return !policy.zeroIsAbsent
  const [rule, kind] =
    Math.abs(score) <= LARGEST_SCORE
      ? score < 0
        ? [policy.negativeScores, 'negative']
        : [policy.denormalScores, 'denormal']
      : [policy.infiniteScores, 'infinite']
  if (rule !== 'refuse') return rule === 'count'
  throw new InputError({
    field: field(),
    value: String(score),
    problem: kind === 'infinite' ? 'is infinite or beyond 1e9' : `is ${kind}`,
    hint: `give a finite score, or set ${kind}Scores to absent`,
  })
}
