import { describe, expect, it } from 'vitest'

import { judgeDays } from './judge-days.ts'
import { runOf } from './test-support/run-of.ts'

const days = ['2025-08-01', '2025-08-02', '2025-08-03', '2025-08-04']

describe('judgeDays', () => {
  it('finds nothing in honest days, in crashes and in days without runs', () => {
    const runs = [
      runOf({ testDate: '2025-08-01' }),
      runOf({ testDate: '2025-08-02', status: 'failed', outcome: null }),
    ]
    expect(judgeDays(days, runs)).toEqual({ struckDays: [], disqualification: null })
  })

  it('strikes a day once, however many of its runs have bad data', () => {
    const runs = [30, 90].map((windowDays) => runOf({ testDate: '2025-08-02', windowDays, badData: 1 }))
    expect(judgeDays(days, runs)).toEqual({ struckDays: ['2025-08-02'], disqualification: null })
  })

  it('ends a part with the third strike, in the order of days and not of runs', () => {
    const runs = ['2025-08-04', '2025-08-01', '2025-08-03'].map((testDate) => runOf({ testDate, badData: 2 }))
    const { struckDays, disqualification } = judgeDays(days, runs)
    expect(struckDays).toEqual(['2025-08-01', '2025-08-03', '2025-08-04'])
    expect(disqualification?.day).toBe(4)
    expect(disqualification?.reason).toContain('bad data on 3 days (2025-08-01, 2025-08-03, 2025-08-04)')
  })

  it('ends a part at once for made-up data, and names the run', () => {
    const runs = [
      runOf({ testDate: '2025-08-02', fabricated: 3 }),
      runOf({ testDate: '2025-08-03', badData: 1 }),
    ]
    const { struckDays, disqualification } = judgeDays(days, runs)
    expect(disqualification).toMatchObject({ day: 2 })
    expect(disqualification?.reason).toMatch(/^made up: 3 reported rows of 2025-08-02 torus 30d/)
    expect(struckDays).toEqual(['2025-08-02'])
  })
})
