import { utcDateSchema } from '@subnetkit/core'
import { describe, expect, it } from 'vitest'

import { baselineTimesOf, scoreParticipant, termsOf } from './score-participant.ts'
import { type RunChange, runOf } from './test-support/run-of.ts'

const days = ['2025-08-01', '2025-08-02', '2025-08-03', '2025-08-04']
const terms = termsOf({
  ruleSet: 'epoch',
  timeLimitMs: 10_000,
  competitionStart: utcDateSchema.parse('2025-08-01'),
  competitionEnd: utcDateSchema.parse('2025-08-04'),
  testNetworks: ['torus'],
  testWindowDays: [30],
})
const week = (change: (day: string) => RunChange = () => ({})): ReturnType<typeof runOf>[] =>
  days.map((testDate) => runOf({ testDate, ...change(testDate) }))
const baseline = baselineTimesOf(week())

describe('scoreParticipant', () => {
  it('expects every day, network and window once', () => {
    expect(terms.expected.map(({ testDate }) => testDate)).toEqual(days)
  })

  it('pays a whole week, and a day less for a day without a run', () => {
    const whole = scoreParticipant(week(), null, baseline, terms)
    const short = scoreParticipant(week().slice(1), null, baseline, terms)
    // Recall 0.8, precision 0.8, nothing bad, as quick as the baseline: 0.64 in all three parts.
    expect(whole.finalScore).toBe(0.64)
    expect(short.finalScore).toBeLessThan(0.64 * 0.76)
    expect(short).toMatchObject({ daysCompleted: 3, runsCompleted: 3, isWithinTimeLimit: false })
  })

  it('takes a day with bad data for nothing, and no more than that day', () => {
    const struck = scoreParticipant(
      week((day) => (day === '2025-08-02' ? { badData: 1 } : {})),
      null,
      baseline,
      terms,
    )
    const missing = scoreParticipant(
      week().filter(({ testDate }) => testDate !== '2025-08-02'),
      null,
      baseline,
      terms,
    )
    expect(struck.finalScore).toBe(missing.finalScore)
    expect(struck.finalScore).toBeGreaterThan(0)
    expect(struck.disqualification).toBeNull()
  })

  it.each([
    ['three strikes', week((day) => (day === '2025-08-01' ? {} : { badData: 1 })), /bad data on 3 days/],
    ['one made-up row', week((day) => (day === '2025-08-03' ? { fabricated: 1 } : {})), /^made up: 1 /],
  ])('pays nothing after %s, and says why', (_name, runs, reason) => {
    const score = scoreParticipant(runs, null, baseline, terms)
    expect(score.finalScore).toBe(0)
    expect(score.components.map((part) => part.score)).toEqual([0, 0, 0])
    expect(score.disqualification).toMatch(reason)
  })

  it('pays nothing to who is out, however good its runs', () => {
    const score = scoreParticipant(week(), 'scan: a.mjs:1: runs a shell', baseline, terms)
    expect(score).toMatchObject({ finalScore: 0, disqualification: 'scan: a.mjs:1: runs a shell' })
  })

  it('takes the times of completed runs only for the baseline', () => {
    const runs = [...week(), runOf({ status: 'failed', executionMs: 1, outcome: null })]
    expect(baselineTimesOf(runs)).toEqual(days.map(() => ({ network: 'torus', executionMs: 2_000 })))
  })

  it('scores a week without any run as nothing', () => {
    expect(scoreParticipant([], null, baseline, terms)).toMatchObject({ finalScore: 0, runsCompleted: 0 })
  })
})
