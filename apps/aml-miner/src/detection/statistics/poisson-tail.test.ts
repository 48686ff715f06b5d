import { describe, expect, it } from 'vitest'

import { confidenceOfChance } from './confidence-of-chance.ts'
import { expNegative } from './exp-negative.ts'
import { poissonTail } from './poisson-tail.ts'

describe('expNegative', () => {
  it.each([0, 1e-9, 0.3, 1, 5.5, 42, 300])('agrees with the exponential function at %d', (x) => {
    expect(Math.abs(expNegative(x) / Math.exp(-x) - 1)).toBeLessThan(1e-12)
  })
})

describe('poissonTail', () => {
  it('agrees with sums by hand', () => {
    expect(poissonTail(0, 3)).toBe(1)
    expect(poissonTail(1, 2)).toBeCloseTo(1 - Math.exp(-2), 12)
    expect(poissonTail(2, 1)).toBeCloseTo(1 - 2 * Math.exp(-1), 12)
    expect(poissonTail(3, 0.1)).toBeCloseTo(1.5465e-4, 8)
    expect(poissonTail(5, 0)).toBe(0)
  })

  it('falls with the count, rises with the mean, and stays in [0, 1] for large ones', () => {
    for (let count = 1; count < 60; count++) {
      expect(poissonTail(count, 8)).toBeLessThanOrEqual(poissonTail(count - 1, 8))
      expect(poissonTail(count, 9)).toBeGreaterThanOrEqual(poissonTail(count, 8))
    }
    expect(poissonTail(1000, 1000)).toBe(1)
    expect(poissonTail(1200, 1000)).toBeLessThan(1e-6)
    expect(poissonTail(1e6, 10)).toBe(0)
  })
})

describe('confidenceOfChance', () => {
  it('turns less chance into more confidence', () => {
    expect(confidenceOfChance(1)).toBe(0.5)
    expect(confidenceOfChance(0)).toBe(1)
    expect(confidenceOfChance(1e-4)).toBeCloseTo(0.76, 2)
    expect(confidenceOfChance(1e-8)).toBeCloseTo(0.909, 3)
    expect(confidenceOfChance(1e16)).toBeLessThan(0.011)
  })
})
