import { describe, expect, it } from 'vitest'

import { normalFromBits, portableExp } from './portable-math.ts'

describe('portableExp', () => {
  it('agrees with the platform to fourteen digits', () => {
    for (let x = -30; x <= 30; x += 0.37) expect(portableExp(x) / Math.exp(x)).toBeCloseTo(1, 13)
  })

  it('gives these very bits on every engine', () => {
    expect(portableExp(1)).toBe(2.7182818284590446)
    expect(portableExp(-3.7)).toMatchInlineSnapshot(`0.02472352647033939`)
  })
})

describe('normalFromBits', () => {
  it('has the quantiles of the normal distribution', () => {
    expect(normalFromBits(0x8000_0000)).toBeCloseTo(0, 3)
    expect(normalFromBits(Math.floor(0.975 * 2 ** 32))).toBeCloseTo(1.96, 2)
    expect(normalFromBits(0)).toBe(-4)
    expect(normalFromBits(0xffff_ffff)).toBeCloseTo(4, 4)
  })
})
