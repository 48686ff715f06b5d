import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { consensusOf } from './consensus.ts'
import { ONE } from './fixed-point.ts'
import { createWeightedMedian } from './weighted-median.ts'

const units = (values: readonly number[]): Float64Array => Float64Array.from(values, (value) => value * 1_000)

function medianOf(stake: readonly number[], scores: readonly number[], majority: number): number {
  const total = stake.reduce((sum, value) => sum + value * 1_000, 0)
  return createWeightedMedian(units(stake), total, total - majority * 1_000).find(
    Float64Array.from(scores),
    0,
  )
}

/** The definition, without any pivot: the largest score that enough stake gives or exceeds. */
function definition(stake: readonly number[], scores: readonly number[], majority: number): number {
  const reached = scores.filter((score) => {
    const behind = stake.reduce((sum, value, at) => sum + ((scores[at] ?? 0) >= score ? value : 0), 0)
    return behind >= majority
  })
  return Math.max(0, ...reached)
}

describe('vectors 9.2: weighted median, majority 0.51', () => {
  const tenths = Array.from({ length: 10 }, () => 10)
  it.each([
    { stake: [49, 51], scores: [0.5, 1], median: 1 },
    { stake: [51, 49], scores: [0.5, 1], median: 0.5 },
    { stake: [49, 0, 51], scores: [0.5, 0.7, 1], median: 1 },
    { stake: [49, 1, 50], scores: [0.5, 0.7, 1], median: 0.7 },
    { stake: [49, 51, 0], scores: [0.5, 0.7, 1], median: 0.7 },
    { stake: [0, 49, 51], scores: [0.5, 0.7, 1], median: 1 },
    { stake: [20, 20, 20, 20, 20], scores: [0.8, 0.2, 1, 0.6, 0.4], median: 0.6 },
    { stake: tenths, scores: [0.8, 0.8, 0.2, 0.2, 1, 1, 0.6, 0.6, 0.4, 0.4], median: 0.6 },
  ])('$stake on $scores gives $median', ({ stake, scores, median }) => {
    expect(medianOf(stake, scores, 51)).toBe(median)
  })
})

describe('vectors 9.2: medians of columns', () => {
  const rows = [0, 0.1, 0, 0, 0.2, 0.4, 0, 0.3, 0.1, 0, 0.4, 0.5]
  const weights = (cells: readonly number[]) => ({
    uids: [0, 1, 2, 3],
    columns: 3,
    cells: Float64Array.from(cells),
  })
  const stake = (values: readonly number[]) => Float64Array.from(values, (value) => Math.floor(value * ONE))

  it.each([
    { kappa: 0.24, consensus: [0, 0.3, 0.4] },
    { kappa: 0.26, consensus: [0, 0.2, 0.4] },
    { kappa: 0.76, consensus: [0, 0.2, 0.1] },
  ])('a majority of $kappa grants $consensus', ({ kappa, consensus }) => {
    const found = consensusOf(weights(rows), stake([0, 0.75, 0.25, 0]), Math.floor(kappa * ONE))
    expect([...found]).toEqual(consensus)
  })

  it('lets one voter decide only where it is the majority', () => {
    const last = [...rows.slice(0, 9), 0, 0, 0.5]
    const found = consensusOf(weights(last), stake([0, 0.3, 0.2, 0.5]), Math.floor(0.51 * ONE))
    expect([...found]).toEqual([0, 0, 0.4])
  })
})

it('finds what the definition says, whatever the order of voters', () => {
  const voter = fc.record({ stake: fc.integer({ min: 1, max: 20 }), score: fc.integer({ min: 0, max: 6 }) })
  fc.assert(
    fc.property(
      fc.array(voter, { minLength: 1, maxLength: 12 }),
      fc.double({ min: 0.01, max: 0.99, noNaN: true }),
      (voters, kappa) => {
        const stake = voters.map((entry) => entry.stake)
        const scores = voters.map((entry) => entry.score)
        const total = stake.reduce((sum, value) => sum + value, 0)
        // A majority between two sums of stake, since those on the border fall as the chain's pivots have it.
        const majority = Math.floor(kappa * total) + 0.5
        expect(medianOf(stake, scores, majority)).toBe(definition(stake, scores, majority))
      },
    ),
    { numRuns: 1_000 },
  )
})

it('is 0 without voters', () => {
  expect(createWeightedMedian(new Float64Array(), 0, 0).find(new Float64Array(), 0)).toBe(0)
})
