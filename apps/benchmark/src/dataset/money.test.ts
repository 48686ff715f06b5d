import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { MAX_CENTS, decimalText, tokensForCents } from './money.ts'

describe('tokensForCents', () => {
  it('is the exact quotient, rounded down, over the whole range of amounts and prices', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: MAX_CENTS }),
        fc.integer({ min: 100, max: 2_000_000_000 }),
        (cents, price) => {
          expect(BigInt(tokensForCents(cents, price))).toBe((BigInt(cents) * 100_000_000n) / BigInt(price))
        },
      ),
    )
  })
})

describe('decimalText', () => {
  it('keeps every digit', () => {
    expect(decimalText(0, 2)).toBe('0.00')
    expect(decimalText(7, 6)).toBe('0.000007')
    expect(decimalText(123_456_789, 2)).toBe('1234567.89')
  })
})
