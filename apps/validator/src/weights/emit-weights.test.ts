import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import examples from '../../test/fixtures/weight-examples.json' with { type: 'json' }
import {
  chainMaxUpscale,
  convertWeightsAndUidsForEmit,
  emittedWeights,
  roundHalfEven,
  weightsFromEmitted,
} from './emit-weights.ts'
import { normalizeMaxWeight, processWeights } from './process-weights.ts'
import { acceptsVersionKey, versionKeyOf } from './version-key.ts'

function expectClose(actual: ArrayLike<number>, expected: readonly number[], digits: number): void {
  expect(actual).toHaveLength(expected.length)
  for (const [at, value] of expected.entries()) expect(actual[at], `entry ${at}`).toBeCloseTo(value, digits)
}

describe('§7.1 convertWeightsAndUidsForEmit', () => {
  it('emits example A', () => {
    const { uids, values } = convertWeightsAndUidsForEmit(examples.A.uids, examples.A.weights)
    expect(uids).toEqual(examples.A.uids)
    expect(values).toEqual(examples.A.emitted)
  })

  it('rounds halves to the even number, drops what rounds to zero, and keeps the order', () => {
    expect([0.5, 1.5, 2.5, 2.4, 2.6, 3].map(roundHalfEven)).toEqual([0, 2, 2, 2, 3, 3])
    const halves = [0.5, 1.5, 2.5, 65535, 0]
    expect(convertWeightsAndUidsForEmit([9, 1, 5, 2, 3], halves)).toEqual({
      uids: [1, 5, 2],
      values: [2, 2, 65535],
    })
    expect(convertWeightsAndUidsForEmit([1, 2], [0, 0])).toEqual({ uids: [], values: [] })
  })

  it('goes back', () => {
    expectClose(weightsFromEmitted(4, { uids: [0, 1, 3], values: [15, 5, 80] }), [0.15, 0.05, 0, 0.8], 12)
    expect([...weightsFromEmitted(2, { uids: [], values: [] })]).toEqual([0, 0])
    expect(() => weightsFromEmitted(2, { uids: [2], values: [1] })).toThrow(
      /uids\[0\]: 2 is not on the subnet/,
    )
  })

  it('refuses bad input by name', () => {
    expect(() => convertWeightsAndUidsForEmit([1, 2], [1, -1])).toThrow(/^weights\[1\]: "-1" is not a weight/)
    expect(() => convertWeightsAndUidsForEmit([1], [Number.NaN])).toThrow(/^weights\[0\]/)
    expect(() => convertWeightsAndUidsForEmit([-1], [1])).toThrow(/^uids\[0\]: -1 is not a uid/)
    expect(() => convertWeightsAndUidsForEmit([1], [1, 2])).toThrow(
      /^uids: 1 are not as many as the 2 weights/,
    )
  })

  it('always sends 65535 for the largest', () => {
    const weights = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 50 })
    fc.assert(
      fc.property(weights, (values) => {
        expect(Math.max(...emittedWeights(values))).toBe(values.some((value) => value > 0) ? 65_535 : 0)
      }),
    )
  })
})

describe('§9.2 max-upscale', () => {
  it.each([
    [
      [1e-6, 6e-6, 7e-6, 1e-4, 1e-3, 0.01, 0.1, 0.2, 0.3, 0.4],
      [0, 1, 1, 16, 164, 1638, 16384, 32768, 49151, 65535],
    ],
    [
      [0, 0.5, 1, 1.5, 2, 32768],
      [0, 1, 2, 3, 4, 65535],
    ],
    [
      [0, 0.5, 1, 1.5, 2, 32768, 32769],
      [0, 1, 2, 3, 4, 65533, 65535],
    ],
    [
      [1e-9, 1e-9],
      [65535, 65535],
    ],
    [
      [0, 0],
      [0, 0],
    ],
    [
      [40000, 20000],
      [65535, 32767],
    ],
    [
      [16384, 65535],
      [16384, 65535],
    ],
  ])('%j', (values, expected) => {
    expect([...chainMaxUpscale(values)]).toEqual(expected)
  })

  it('leaves what we send as it is', () => {
    const sent = fc
      .array(fc.integer({ min: 0, max: 65_535 }), { maxLength: 20 })
      .map((rest) => [65_535, ...rest])
    fc.assert(
      fc.property(sent, (values) => {
        expect([...chainMaxUpscale(values)]).toEqual(values)
      }),
    )
  })
})

describe('§7.2 normalizeMaxWeight', () => {
  it.each([
    [[0.5, 0.3, 0.1, 0.1], 0.4, [0.39999988, 0.36000007, 0.12000002, 0.12000002], 8],
    [
      [0.6, 0.2, 0.1, 0.05, 0.03, 0.02],
      0.3,
      [0.2999998, 0.2999998, 0.2000002, 0.1000001, 0.06000006, 0.04000004],
      7,
    ],
    // Printed for example A, but its numbers follow only from another raw weight of the second miner.
    [
      [1.07036078, 0.800757, 0.66344392, 0.28232095, 0.12098199, 0.59769369],
      0.25,
      [0.2499967, 0.24362, 0.20184387, 0.08589215, 0.03680706, 0.18184022],
      5,
    ],
  ])('%j under %d', (weights, limit, expected, digits) => {
    expectClose(normalizeMaxWeight(weights, limit), expected, digits)
  })

  it('cuts example A at the limit and leaves the rest in proportion', () => {
    const limited = normalizeMaxWeight(examples.A.raw, 0.25)
    expect(limited[0]).toBeCloseTo(0.25, 5)
    expect(limited.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12)
    const [, second = 0, third = 0] = examples.A.raw
    expect((limited[1] ?? 0) / (limited[2] ?? 0)).toBeCloseTo(second / third, 12)
  })

  it('shares equally when there is nothing to go by or no room', () => {
    expect(new Set(normalizeMaxWeight(new Float64Array(2_000), 0.01))).toEqual(new Set([1 / 2_000]))
    expect([...normalizeMaxWeight([1, 0], 0.5)]).toEqual([0.5, 0.5])
    expect([...normalizeMaxWeight([1, 3, 4], 0.5)]).toEqual([0.125, 0.375, 0.5])
  })
})

describe('§7.3 processWeights', () => {
  const limits = { size: 4, minAllowedWeights: 2, maxWeightLimit: 1 }

  it('gives everyone the same without weights, or on a small subnet', () => {
    const equal = { uids: [0, 1, 2, 3], weights: Float64Array.of(0.25, 0.25, 0.25, 0.25) }
    expect(processWeights([0, 1, 2, 3], [0, 0, 0, 0], limits)).toEqual(equal)
    expect(processWeights([0, 1], [1, 3], { ...limits, minAllowedWeights: 5 })).toEqual(equal)
  })

  it('fills up with a base when too few have weight', () => {
    const { uids, weights } = processWeights([0, 1, 2, 3], [0, 0.5, 0, 0], limits)
    expect(uids).toEqual([0, 1, 2, 3])
    expectClose(
      weights,
      [1e-5, 0.50001, 1e-5, 1e-5].map((weight) => weight / 0.50004),
      7,
    )
  })

  it('leaves out the lowest, never below the minimum', () => {
    const lowest = processWeights([3, 5, 7, 8], [1, 2, 3, 4], { ...limits, excludeQuantile: 32_768 })
    expect(lowest.uids).toEqual([7, 8])
    const all = processWeights([3, 5, 7, 8], [1, 2, 3, 4], {
      ...limits,
      minAllowedWeights: 4,
      excludeQuantile: 65_535,
    })
    expect(all.uids).toEqual([3, 5, 7, 8])
    expectClose(all.weights, [0.1, 0.2, 0.3, 0.4], 12)
    expect(() => processWeights([1], [1, 2], limits)).toThrow(/^uids: 1 do not fit/)
  })
})

describe('§4.3.5 version key', () => {
  it('has the old collisions only when asked', () => {
    expect(['2.4.3', '2.9.96', '2.9.10', '2.10.0'].map((version) => versionKeyOf(version, 'legacy'))).toEqual(
      [2043, 2186, 2100, 2100],
    )
    expect(versionKeyOf('2.9.10')).toBe(2_009_010)
    expect(versionKeyOf('2.10.0')).toBe(2_010_000)
  })

  it.each(['2.4', '2.4.x', '', '1.2.1000', '-1.0.0'])('refuses %j', (version) => {
    expect(() => versionKeyOf(version)).toThrow(/^version: .* is not a version/)
  })

  it('is accepted from the required one on', () => {
    expect([acceptsVersionKey(0, 0), acceptsVersionKey(2043, 2043), acceptsVersionKey(2043, 2042)]).toEqual([
      true,
      true,
      false,
    ])
  })
})
