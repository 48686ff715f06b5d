import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { fromNano, NANO, productNano, ratioNano, shareToNano } from './nano.ts'

const nano = fc.integer({ min: 0, max: NANO })

describe('billionths', () => {
  it('round to the nearest, a half upwards', () => {
    expect(ratioNano(1, 3)).toBe(333_333_333)
    expect(ratioNano(2, 3)).toBe(666_666_667)
    expect(ratioNano(1, 2 * NANO)).toBe(1)
    expect(productNano(500_000_000, 1)).toBe(1)
    expect(productNano(499_999_999, 1)).toBe(0)
  })

  it('are exact where floating point is not', () => {
    expect(ratioNano(9_007_199_254_740_990, 9_007_199_254_740_991)).toBe(NANO)
    expect(fromNano(ratioNano(1, 10) + ratioNano(2, 10))).toBe(0.3)
  })

  it('come back from the stored number as they were', () => {
    fc.assert(
      fc.property(nano, (value) => {
        expect(shareToNano('share', fromNano(value))).toBe(value)
      }),
    )
  })

  it('multiply to no more than either', () => {
    fc.assert(
      fc.property(nano, nano, (one, other) => {
        expect(productNano(one, other)).toBeLessThanOrEqual(Math.min(one, other))
        expect(productNano(one, NANO)).toBe(one)
      }),
    )
  })

  it.each([-0.1, 1.000_001, Number.NaN, Infinity])('refuse %d as a share', (value) => {
    expect(() => shareToNano('coverage', value)).toThrow(/^coverage: .* is not in \[0, 1\]/)
  })
})
