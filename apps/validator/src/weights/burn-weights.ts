import { InputError } from '@subnetkit/core'

/** Moves a share of all weight to one miner, the owner's: the sum stays the same. @throws InputError for a rate outside 0 to 1 or a miner that is not there. */
export function burnWeights(
  weights: Float64Array,
  params: Readonly<{ rate: number; burnIndex: number }>,
): Float64Array {
  const { rate, burnIndex } = params
  if (!(rate >= 0 && rate <= 1)) {
    throw new InputError({
      field: 'burn rate',
      value: String(rate),
      problem: 'is not a share',
      hint: 'give 0 to 1',
    })
  }
  if (!Number.isInteger(burnIndex) || burnIndex < 0 || burnIndex >= weights.length) {
    throw new InputError({
      field: 'burn uid',
      value: burnIndex,
      problem: 'is not among the miners',
      hint: 'list the uid that takes the burn',
    })
  }
  let sum = 0
  for (let at = 0; at < weights.length; at += 1) sum += weights[at] ?? 0
  const burnt = weights.map((weight) => (1 - rate) * weight)
  burnt[burnIndex] = (burnt[burnIndex] ?? 0) + rate * sum
  return burnt
}
