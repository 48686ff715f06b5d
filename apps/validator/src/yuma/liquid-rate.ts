import { divide, fromU16, multiply, multiplyUp, ONE } from './fixed-point.ts'
import type { LiquidAlpha } from './epoch-parameters.ts'
import { exponential } from './fixed-exponential.ts'

const HALF = ONE / 2
const HUNDRED = 100

/** The rate at which one bond follows its weight, from weight, bond and consensus, all in units of 2⁻³². */
export type LiquidRate = (weight: number, bond: number, consensus: number) => number

/**
 * A validator that buys ahead of consensus, or sells what it held, moves at up to `high`; one that follows the others
 * moves at `low`. Between them lies a sigmoid around a distance of one half.
 */
export function createLiquidRate({ low, high, steepness }: LiquidAlpha): LiquidRate {
  const slowest = fromU16(low)
  const fastest = fromU16(high)
  const slope = Math.floor((steepness * ONE) / HUNDRED)
  return (weight, bond, consensus) => {
    const distance = Math.min(ONE, Math.max(0, weight >= bond ? weight - consensus : bond - weight))
    // The product with a slope below zero is floored too: below one half its size is floored, above it goes up.
    const exponent = distance <= HALF ? multiply(slope, HALF - distance) : -multiplyUp(slope, distance - HALF)
    const sigmoid = divide(ONE, ONE + exponential(exponent))
    return Math.min(fastest, slowest + multiply(fastest - slowest, sigmoid))
  }
}
