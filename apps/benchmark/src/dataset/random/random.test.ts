import { describe, expect, it } from 'vitest'

import { Random } from './random.ts'
import { WeightedChoice } from './weighted-choice.ts'

describe('Random', () => {
  it('repeats itself for the same seed and not for another', () => {
    const draw = (seed: string): number[] => {
      const random = new Random(seed)
      return Array.from({ length: 5 }, () => random.bits())
    }
    expect(draw('a')).toEqual(draw('a'))
    expect(draw('a')).not.toEqual(draw('b'))
    expect(draw('a')).toMatchInlineSnapshot(`
      [
        2666612042,
        2876307811,
        3554091461,
        3698561744,
        868266417,
      ]
    `)
  })

  it('stays within its bounds and fills them evenly', () => {
    const random = new Random('bounds')
    const counts = new Map<number, number>()
    for (let draw = 0; draw < 60_000; draw++) {
      const value = random.between(3, 8)
      counts.set(value, (counts.get(value) ?? 0) + 1)
    }
    expect([...counts.keys()].sort()).toEqual([3, 4, 5, 6, 7, 8])
    for (const count of counts.values()) expect(Math.abs(count - 10_000)).toBeLessThan(500)
  })
})

describe('WeightedChoice', () => {
  it('draws in proportion to the weights, and never a weight of zero', () => {
    const random = new Random('weights')
    const choice = new WeightedChoice([1, 0, 3, 6])
    const counts = [0, 0, 0, 0]
    for (let draw = 0; draw < 100_000; draw++) {
      const index = choice.draw(random)
      counts[index] = (counts[index] ?? 0) + 1
    }
    expect(counts[1]).toBe(0)
    expect(counts.map((count) => Math.round(count / 10_000))).toEqual([1, 0, 3, 6])
  })
})
