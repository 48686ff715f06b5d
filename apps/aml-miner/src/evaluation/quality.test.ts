import { describe, expect, it } from 'vitest'

import {
  accountPrecisionAt,
  alertPrecisionAt,
  areaUnderCurve,
  type JudgedAccount,
  recallOf,
} from './quality.ts'

function accounts(...rows: readonly (readonly [number, boolean])[]): JudgedAccount[] {
  return rows.map(([score, isPositive], index) => ({ address: `a${index}`, score, isPositive }))
}

describe('areaUnderCurve', () => {
  it('is 1 when every positive is above every negative, 0 the other way round', () => {
    expect(areaUnderCurve(accounts([0.9, true], [0.8, true], [0.1, false]))).toBe(1)
    expect(areaUnderCurve(accounts([0.1, true], [0.8, false]))).toBe(0)
  })

  it('counts ties as half', () => {
    expect(areaUnderCurve(accounts([0.5, true], [0.5, false]))).toBe(0.5)
    expect(areaUnderCurve(accounts([0, true], [0, false], [0.7, true], [0, false]))).toBe(0.75)
  })

  it('has no answer for one class', () => {
    expect(areaUnderCurve(accounts([0.5, true]))).toBeNull()
    expect(areaUnderCurve([])).toBeNull()
  })
})

describe('precision and recall', () => {
  it('counts positives among the top accounts, without those that score nothing', () => {
    const judged = accounts([0.9, true], [0.8, false], [0.7, true], [0, true])
    expect(accountPrecisionAt(judged, 2)).toBe(0.5)
    expect(accountPrecisionAt(judged, 100)).toBeCloseTo(2 / 3, 12)
    expect(accountPrecisionAt(accounts([0, true]), 10)).toBeNull()
  })

  it('counts alerts by the address that they are about', () => {
    expect(alertPrecisionAt(['a', 'b', 'a', 'c'], new Set(['a']), 3)).toBeCloseTo(2 / 3, 12)
    expect(alertPrecisionAt([], new Set(['a']), 50)).toBeNull()
  })

  it('recalls the share that was found', () => {
    expect(recallOf(new Set(['a', 'b']), new Set(['b', 'c']))).toBe(0.5)
    expect(recallOf(new Set(), new Set(['b']))).toBeNull()
  })
})
