import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { competitionRanks } from './competition-ranks.ts'

describe('competitionRanks', () => {
  it.each([
    [[], []],
    [
      [0.5, 0.9, 0.9, 0.1],
      [3, 1, 1, 4],
    ],
    [
      [null, 0.2, null, 0.2, -1],
      [null, 1, null, 1, 3],
    ],
    [
      [0, -0, 0],
      [1, 1, 1],
    ],
    [
      [100, 20, 3],
      [1, 2, 3],
    ],
  ])('§6.20 ranks %j as %j', (values, ranks) => {
    expect(competitionRanks(values)).toEqual(ranks)
  })

  it('takes sums of the same scores as equal whatever their last bits', () => {
    expect(competitionRanks([0.1 + 0.2, 0.3, 0.300_000_01])).toEqual([2, 2, 1])
  })

  it('gives each miner one more than the number of better ones', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -3, max: 3 })), (values) => {
        const expected = values.map((value) => 1 + values.filter((other) => other > value).length)
        expect(competitionRanks(values)).toEqual(expected)
      }),
    )
  })
})
