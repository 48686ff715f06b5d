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

/**
 * Lists the indexes of the miners whose score counts, in the order of miners, in the front of `counted`, and answers how
 * many they are: without what the parameters call absent. @throws InputError naming task and uid of a refused score.
 */
export function countedMiners(
  task: string,
  column: Float64Array,
  { columns, policy, counted }: Readonly<{ columns: MinerColumns; policy: Policy; counted: Uint32Array }>,
): number {
  let count = 0
  for (let miner = 0; miner < column.length; miner += 1) {
    const score = column[miner] ?? Number.NaN
    if (!(score >= SMALLEST_NORMAL && score <= LARGEST_SCORE)) {
      if (Number.isNaN(score)) continue
      if (!countsAsScore(score, policy, task, columns.uids[miner])) continue
    }
    counted[count] = miner
    count += 1
  }
  return count
}

function countsAsScore(score: number, policy: Policy, task: string, uid: number | undefined): boolean {
  if (score === 0) return !policy.zeroIsAbsent
  const [rule, kind] =
    Math.abs(score) <= LARGEST_SCORE
      ? score < 0
        ? [policy.negativeScores, 'negative']
        : [policy.denormalScores, 'denormal']
      : [policy.infiniteScores, 'infinite']
  if (rule !== 'refuse') return rule === 'count'
  throw new InputError({
    field: `${task} score of uid ${uid}`,
    value: String(score),
    problem: kind === 'infinite' ? 'is infinite or beyond 1e9' : `is ${kind}`,
    hint: `give a finite score, or set ${kind}Scores to absent`,
  })
}
