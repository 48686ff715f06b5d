/**
 * The chain's I32F32 numbers: 32 bits before and 32 after the point. A value is held as the whole number of 2⁻³² units in
 * a double, which is exact up to 2⁵³ units; the epoch's values stay below 2³⁷ units (shares, and sums of at most 4,096 of
 * them), so that nothing here can reach the bounds at which the runtime saturates. No operation rounds up.
 */

/** The number one, in units of 2⁻³². */
export const ONE = 4_294_967_296

const LIMB = 65_536
const U16_MAX = 65_535

/** How near to a whole number a quotient below 2³³ in doubles may come before its floor is in doubt. */
const DOUBT = 2 ** -19

/** Below this a remainder times 2¹⁶ is still exact. */
const EXACT_DIVISOR = 2 ** 37

/** The floor of `x · y`. Both are units, not negative, `x` below 2³⁷ and `y` at most 2³². */
export function multiply(x: number, y: number): number {
  const high = Math.floor(y / LIMB)
  return Math.floor((x * high + Math.floor((x * (y - high * LIMB)) / LIMB)) / LIMB)
}

/** The ceiling of `x · y`: what subtracting a product that the runtime floors below zero comes to. Ranges as {@link multiply}. */
export function multiplyUp(x: number, y: number): number {
  const high = Math.floor(y / LIMB)
  const low = x * (y - high * LIMB)
  const upper = x * high + Math.floor(low / LIMB)
  return Math.floor(upper / LIMB) + (upper % LIMB === 0 && low % LIMB === 0 ? 0 : 1)
}

/**
 * The floor of `x / y` in units; 0 when `y` is 0, as the runtime has it. Two plain integers give their ratio just as well
 * as two values in units do. Not negative, below 2⁵³, the ratio below 2²⁰.
 */
export function divide(x: number, y: number): number {
  if (x === 0 || y === 0) return 0
  const quotient = (x * ONE) / y
  const whole = Math.floor(quotient)
  const rest = quotient - whole
  return rest > DOUBT && rest < 1 - DOUBT && whole < 2 * ONE ? whole : divideByLimbs(x, y)
}

function divideByLimbs(x: number, y: number): number {
  if (x === y) return ONE
  if (y >= EXACT_DIVISOR) return Number((BigInt(x) << 32n) / BigInt(y))
  const integer = Math.floor(x / y)
  const firstRest = (x - integer * y) * LIMB
  const first = Math.floor(firstRest / y)
  const second = Math.floor(((firstRest - first * y) * LIMB) / y)
  return (integer * LIMB + first) * LIMB + second
}

/** A share of one as the chain stores it: times 65,535, floored, at most 65,535. */
export function toU16(share: number): number {
  return Math.min(U16_MAX, Math.floor((share * U16_MAX) / ONE))
}

/** A stored u16 as the share of 65,535 that it stands for, in units. */
export function fromU16(stored: number): number {
  return divide(stored, U16_MAX)
}

/** The sum, from the first to the last. */
export function sumOf(values: Float64Array): number {
  let sum = 0
  for (const value of values) sum += value
  return sum
}

/** Each value over the sum of all; all zeros stay zeros. Because of the floors the result sums to a little under one. */
export function normalise(values: Float64Array, sum: number = sumOf(values)): Float64Array {
  return values.map((value) => divide(value, sum))
}
