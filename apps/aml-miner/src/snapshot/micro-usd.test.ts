import { describe, expect, it } from 'vitest'

import { decimalOfMicroUsd } from './micro-usd.ts'

describe('decimalOfMicroUsd', () => {
  it.each([
    [0n, '0'],
    [1n, '0.000001'],
    [1_500_000n, '1.5'],
    [-1_500_000n, '-1.5'],
    [-1n, '-0.000001'],
    [9_223_372_036_854_775_807n, '9223372036854.775807'],
  ])('writes %s as %s', (micro, text) => {
    expect(decimalOfMicroUsd(micro)).toBe(text)
  })
})
