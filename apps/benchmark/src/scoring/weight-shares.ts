import { fromNano, ratioNano, shareToNano } from '../validation/nano.ts'

/**
 * Each final score as its share of all: what the successor hands on as weights. Rounded to 1e-9; all 0 when nobody earned
 * anything.
 *
 * @throws InputError when a score is not in [0, 1].
 */
export function weightShares(finalScores: readonly number[]): readonly number[] {
  const nanos = finalScores.map((score) => shareToNano('final score', score))
  const sum = nanos.reduce((total, nano) => total + nano, 0)
  return nanos.map((nano) => (sum === 0 ? 0 : fromNano(ratioNano(nano, sum))))
}
