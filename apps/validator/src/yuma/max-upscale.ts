import { ONE } from './fixed-point.ts'

const U16_MAX = 65_535n
const UNIT = 32n
const HALF = BigInt(ONE / 2)

/** Above this the product with 65,535 would leave 32 bits, and the runtime divides first. */
const DIVIDE_FIRST = 32_768n << UNIT

/**
 * Weights as the chain stores them: the largest becomes 65,535, the others keep their ratio to it, rounded half up. Values
 * count in units of 2⁻³²; what is finer is dropped. All zeros stay zeros. Takes values from 0 to 2³¹.
 */
export function maxUpscale(values: readonly number[]): number[] {
  const units = values.map((value) => BigInt(Math.floor(value * ONE)))
  const max = units.reduce((largest, value) => (value > largest ? value : largest), 0n)
  if (max === 0n) return units.map(() => 0)
  const factor = ((U16_MAX << UNIT) << UNIT) / max
  return units.map((value) => {
    const scaled = max > DIVIDE_FIRST ? (value * factor) >> UNIT : ((value * U16_MAX) << UNIT) / max
    return Number((scaled + HALF) >> UNIT)
  })
}
