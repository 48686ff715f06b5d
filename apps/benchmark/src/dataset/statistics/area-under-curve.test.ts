import { describe, expect, it } from 'vitest'

import { areaUnderCurve } from './area-under-curve.ts'

describe('areaUnderCurve', () => {
  it('is 1 when every planted value is greater, 0 when every one is less', () => {
    expect(areaUnderCurve([5, 6], [1, 2, 3])).toBe(1)
    expect(areaUnderCurve([1], [2, 3])).toBe(0)
  })

  it('counts a tie as half', () => {
    expect(areaUnderCurve([2, 2], [2, 2, 2])).toBe(0.5)
    expect(areaUnderCurve([2, 4], [1, 2, 4])).toBe(0.6667)
  })

  it('is unknown when a side is empty', () => {
    expect(areaUnderCurve([], [1])).toBeNull()
    expect(areaUnderCurve([1], [])).toBeNull()
  })
})
