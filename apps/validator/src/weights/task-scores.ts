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
 * Indexes of the miners whose score counts, in the order of miners, in the front of `buffer`: without what the parameters
 * call absent. @throws InputError naming task and uid of a refused score.
 */
export function countedMiners(
  task: string,
  column: Float64Array,
  { columns, policy, buffer }: Readonly<{ columns: MinerColumns; policy: Policy; buffer: Uint32Array }>,
): Uint32Array {
  let count = 0
  for (let miner = 0; miner < column.length; miner += 1) {
    const score = column[miner] ?? Number.NaN
    const isPlain = score >= SMALLEST_NORMAL && score <= LARGEST_SCORE
    if (!isPlain && !countsAsScore(score, policy, () => `${task} score of uid ${columns.uids[miner]}`))
      continue
    buffer[count] = miner
    count += 1
  }
  return buffer.subarray(0, count)
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
