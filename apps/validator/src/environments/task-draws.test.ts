import { describe, expect, it } from 'vitest'

import { TaskDraws } from './task-draws.ts'

describe('TaskDraws', () => {
  it('draws the same for the same text, and something else for another', () => {
    const draw = (seed: string): readonly number[] => {
      const draws = new TaskDraws(seed)
      return Array.from({ length: 40 }, () => draws.below(1_000_000))
    }
    expect(draw('sat:1')).toEqual(draw('sat:1'))
    expect(draw('sat:1')).not.toEqual(draw('sat:2'))
    expect(new Set(draw('sat:1')).size).toBe(40)
  })

  it('draws every number in range about equally often', () => {
    const draws = new TaskDraws('fair')
    const counts = [0, 0, 0, 0, 0, 0]
    for (let i = 0; i < 6_000; i += 1) {
      const drawn = draws.between(0, 5)
      counts[drawn] = (counts[drawn] ?? 0) + 1
    }
    expect(counts).toHaveLength(6)
    for (const count of counts) expect(Math.abs(count - 1_000)).toBeLessThan(150)
  })

  it('draws different numbers, all of them when as many are asked for', () => {
    expect([...new TaskDraws('all').different(5, 5)].toSorted()).toEqual([0, 1, 2, 3, 4])
  })

  it('refuses to pick from nothing', () => {
    expect(() => new TaskDraws('x').pick([])).toThrow(RangeError)
  })
})
