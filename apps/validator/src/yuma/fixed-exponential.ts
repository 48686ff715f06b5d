import { divide, ONE } from './fixed-point.ts'

/** The chain cuts the argument to ±20, so that the result fits into 32 bits before the point. */
const BOUND = 20 * ONE

/** Up to here each term stays below 2⁴⁸ units, and doubles carry the whole series exactly. */
const EXACT_BOUND = 10 * ONE

/** The series as the runtime sums it: terms 0 to 31, each floored. */
const LAST_TERM = 31

/** e as a constant of 23 bits after the point, which the runtime returns for an argument of exactly one. */
const E = 22_802_600 * 512

/**
 * The exponential as the runtime's fixed-point series gives it, in units of 2⁻³²: `e^-x` is one over the floored `e^x`.
 * Beyond ±20 the argument counts as ±20.
 */
export function exponential(argument: number): number {
  if (argument === 0) return ONE
  const size = Math.min(Math.abs(argument), BOUND)
  const power = size === ONE ? E : size <= EXACT_BOUND ? seriesInDoubles(size) : seriesInBigInts(size)
  return argument < 0 ? divide(ONE, power) : power
}

function seriesInDoubles(x: number): number {
  const whole = Math.floor(x / ONE)
  const fraction = x - whole * ONE
  const fractionHigh = Math.floor(fraction / 65_536)
  const fractionLow = fraction - fractionHigh * 65_536
  let sum = x + ONE
  let term = x
  for (let index = 2; index <= LAST_TERM && term > 0; index += 1) {
    const termWhole = Math.floor(term / ONE)
    const termFraction = term - termWhole * ONE
    const lowest = Math.floor((termFraction * fractionLow) / 65_536)
    const product = Math.floor((termFraction * fractionHigh + lowest) / 65_536)
    term = Math.floor((term * whole + termWhole * fraction + product) / index)
    sum += term
  }
  return sum
}

function seriesInBigInts(x: number): number {
  const factor = BigInt(x)
  let sum = factor + BigInt(ONE)
  let term = factor
  for (let index = 2n; index <= BigInt(LAST_TERM); index += 1n) {
    term = ((term * factor) >> 32n) / index
    sum += term
  }
  return Number(sum)
}
