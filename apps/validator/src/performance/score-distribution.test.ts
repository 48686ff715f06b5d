import { describe, expect, it } from 'vitest'

import { scoreDistribution, sortScores } from './score-distribution.ts'

describe('scoreDistribution', () => {
  it('§3.3 gives population deviation and linear quartiles, worked by hand', () => {
    const sorted = sortScores([4, 1, 3, 2])
    expect(sorted.mean).toBe(2.5)
    expect(scoreDistribution(sorted)).toEqual({
      scoreMin: 1,
      scoreMax: 4,
      scoreDeviation: Math.sqrt(1.25),
      scoreMedian: 2.5,
      scoreP25: 1.75,
      scoreP75: 3.25,
    })
  })

  it('orders numbers as numbers, negative ones first', () => {
    expect(scoreDistribution(sortScores([10, 9, -1]))).toMatchObject({
      scoreMin: -1,
      scoreMedian: 9,
      scoreMax: 10,
    })
  })

  it('is one point for one score, and nothing for none', () => {
    expect(scoreDistribution(sortScores([0.3]))).toEqual({
      scoreMin: 0.3,
      scoreMax: 0.3,
      scoreDeviation: 0,
      scoreMedian: 0.3,
      scoreP25: 0.3,
      scoreP75: 0.3,
    })
    expect(Object.values(scoreDistribution(sortScores([])))).toEqual([null, null, null, null, null, null])
  })
})
