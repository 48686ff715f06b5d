import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { exponential } from './fixed-exponential.ts'
import { divide, fromU16, multiply, multiplyUp, normalise, ONE, sumOf, toU16 } from './fixed-point.ts'

const share = fc.integer({ min: 0, max: ONE })
const edges = [0, 1, 2, 65_535, 65_536, 65_537, ONE / 2, ONE - 1, ONE]
const anyShare = fc.oneof(share, fc.constantFrom(...edges))

describe('multiply', () => {
  it('floors the exact product', () => {
    fc.assert(
      fc.property(fc.oneof(fc.integer({ min: 0, max: 2 ** 37 - 1 }), anyShare), anyShare, (x, y) => {
        expect(BigInt(multiply(x, y))).toBe((BigInt(x) * BigInt(y)) >> 32n)
      }),
      { numRuns: 5_000 },
    )
  })

  it('rounds up only what is not exact', () => {
    fc.assert(
      fc.property(anyShare, anyShare, (x, y) => {
        expect(BigInt(multiplyUp(x, y))).toBe((BigInt(x) * BigInt(y) + BigInt(ONE) - 1n) >> 32n)
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('divide', () => {
  it('floors the exact quotient, whatever the sizes', () => {
    const big = fc.oneof(anyShare, fc.integer({ min: 1, max: 2 ** 44 }), fc.integer({ min: 1, max: 100 }))
    fc.assert(
      fc.property(anyShare, big, (x, y) => {
        fc.pre(y === 0 || x / y < 2 ** 20)
        expect(BigInt(divide(x, y))).toBe(y === 0 ? 0n : (BigInt(x) << 32n) / BigInt(y))
      }),
      { numRuns: 5_000 },
    )
  })

  it('is exact where the quotient is a whole number or just below one', () => {
    for (const y of [3, 10, 65_535, ONE - 1, ONE, 2 ** 37 + 1]) {
      for (const quotient of [1, 7, 2 ** 20 + 1, 2 ** 31]) {
        const exact = Number((BigInt(quotient) * BigInt(y)) >> 32n)
        for (const x of [exact, exact + 1]) {
          expect(BigInt(divide(x, y))).toBe((BigInt(x) << 32n) / BigInt(y))
        }
      }
    }
  })

  it('gives 0 for a divisor of 0', () => {
    expect(divide(5, 0)).toBe(0)
  })
})

describe('u16', () => {
  it('floors shares and stops at 65,535', () => {
    expect([0, ONE / 2, ONE - 1, ONE, 2 * ONE].map(toU16)).toEqual([0, 32_767, 65_534, 65_535, 65_535])
  })

  it('loses at most one on the way there and back', () => {
    for (let stored = 0; stored <= 65_535; stored += 13) {
      expect(stored - toU16(fromU16(stored))).toBeOneOf([0, 1])
    }
  })
})

it('normalises to at most one, and to no less than the floors take away', () => {
  fc.assert(
    fc.property(fc.array(share, { minLength: 1, maxLength: 50 }), (values) => {
      const sum = sumOf(normalise(Float64Array.from(values)))
      const isZero = values.every((value) => value === 0)
      expect(sum).toBeLessThanOrEqual(ONE)
      expect(sum).toBeGreaterThanOrEqual(isZero ? 0 : ONE - values.length)
    }),
  )
})

describe('exponential', () => {
  it.each([0.25, 0.999, 2, 4.99, 9.99, 10, 10.01, 15, 19.5])('comes near e to the power of ±%s', (power) => {
    const argument = Math.floor(power * ONE)
    const exact = Math.exp(argument / ONE)
    // From 15 on the 31 terms of the runtime's series no longer reach the full sum.
    const tolerance = power >= 15 ? 0.01 : 1e-5
    expect(Math.abs(exponential(argument) / ONE / exact - 1)).toBeLessThan(tolerance)
    expect(Math.abs(exponential(-argument) / ONE - 1 / exact)).toBeLessThan(1e-6)
  })

  it('sums the same series in doubles as with big integers', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10 * ONE }), (argument) => {
        fc.pre(argument !== ONE)
        const factor = BigInt(argument)
        let term = factor
        let sum = BigInt(ONE) + factor
        for (let index = 2n; index < 32n; index += 1n) {
          term = ((term * factor) >> 32n) / index
          sum += term
        }
        expect(BigInt(exponential(argument))).toBe(sum)
      }),
      { numRuns: 500 },
    )
  })

  it('knows zero and one, and stops at 20', () => {
    expect(exponential(0)).toBe(ONE)
    expect(exponential(ONE) / ONE).toBeCloseTo(Math.E, 6)
    expect(exponential(25 * ONE)).toBe(exponential(20 * ONE))
    expect(exponential(-25 * ONE)).toBe(exponential(-20 * ONE))
  })
})
