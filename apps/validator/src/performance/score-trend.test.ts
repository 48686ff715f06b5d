import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { summariesOf } from '../../test/fixtures/score-summaries.ts'
import { scoreTrend, type ScoreTrend } from './score-trend.ts'

interface TimedScore {
  readonly at: Date
  readonly score: number
}

const start = Date.UTC(2025, 6, 10)

function daily(scores: readonly number[], stepDays = 1): TimedScore[] {
  return scores.map((score, day) => ({ at: new Date(start + day * stepDays * 86_400_000), score }))
}

/** The trend of some tasks' scores. */
function trendOf(tasks: readonly (readonly TimedScore[])[]): ScoreTrend {
  const scores = tasks.flatMap((points, task) =>
    points.map(({ at, score }, point) => ({
      uid: 1,
      hotkey: 'alice',
      taskName: `task${task}`,
      taskId: `${point}`,
      score,
      scoredAt: at,
    })),
  )
  const window = { from: new Date(0), to: new Date(start + 99 * 86_400_000) }
  return scoreTrend(summariesOf(scores, window).filter(({ taskName }) => taskName !== null))
}

describe('scoreTrend', () => {
  it('§3.3 gives slope per day and the size of the correlation, worked by hand', () => {
    // t 0 1 2 3, y .1 .2 .2 .4: cov sum .45, t spread 5, y spread .0475.
    const trend = trendOf([daily([0.1, 0.2, 0.2, 0.4])])
    expect(trend.performanceTrend).toBe('improving')
    expect(trend.trendSlope).toBeCloseTo(0.09, 12)
    expect(trend.trendConfidence).toBeCloseTo(0.45 / Math.sqrt(5 * 0.0475), 12)
  })

  it('§3.3 counts days, not scores: the same values twelve hours apart rise twice as fast', () => {
    expect(trendOf([daily([0.1, 0.2, 0.3], 0.5)]).trendSlope).toBeCloseTo(0.2, 12)
  })

  it.each([
    ['insufficient_data', [], null, 0],
    ['insufficient_data', [0.1, 0.9], null, 0],
    ['improving', [0.1, 0.2, 0.3], 0.1, 1],
    ['declining', [0.3, 0.2, 0.1], -0.1, 1],
    ['stable', [0.1, 0.105, 0.11], 0.005, 1],
    ['stable', [0.1, 0.1, 0.1], 0, 0],
    // Falls a hundredth a day, but scattered: r is 0.14.
    ['stable', [0.5, 0.1, 0.6, 0.2, 0.4], -0.01, 0.0763],
  ] as const)('is %s for %j', (performanceTrend, scores, slope, confidence) => {
    const trend = trendOf([daily(scores)])
    expect(trend.performanceTrend).toBe(performanceTrend)
    if (slope === null) expect(trend.trendSlope).toBeNull()
    else expect(trend.trendSlope).toBeCloseTo(slope, 9)
    expect(trend.trendConfidence).toBeCloseTo(confidence, 3)
  })

  it('sees no decline in a harder task that starts late, and the common slope of tasks at different levels', () => {
    const late = (scores: readonly number[]) =>
      daily(scores).map(({ at, score }) => ({ at: new Date(at.getTime() + 10 * 86_400_000), score }))
    expect(trendOf([daily([0.9, 0.9, 0.9]), late([0.1, 0.1, 0.1])])).toMatchObject({
      performanceTrend: 'stable',
      trendSlope: 0,
    })
    const rising = trendOf([daily([0.7, 0.8, 0.9]), late([0.1, 0.2, 0.3])])
    expect(rising.performanceTrend).toBe('improving')
    expect(rising.trendSlope).toBeCloseTo(0.1, 12)
    expect(rising.trendConfidence).toBeCloseTo(1, 12)
    expect(trendOf([daily([0.1]), daily([0.2]), late([0.9])]).performanceTrend).toBe('insufficient_data')
  })

  it('has no direction when all scores are of one instant', () => {
    const at = new Date(start)
    expect(trendOf([[0.1, 0.5, 0.9].map((score) => ({ at, score }))])).toEqual({
      performanceTrend: 'insufficient_data',
      trendSlope: null,
      trendConfidence: 0,
    })
  })

  it('sees no fit in equal scores, whatever rounding makes of their mean', () => {
    expect(trendOf([daily(Array.from({ length: 14 }, () => 0.1))])).toMatchObject({
      performanceTrend: 'stable',
      trendConfidence: 0,
    })
  })

  it('does not depend on the order of scores, and is never beyond full confidence', () => {
    const point = fc.record({
      at: fc.integer({ min: 0, max: 14 * 24 }).map((hour) => new Date(start + hour * 3_600_000)),
      score: fc.double({ min: 0, max: 1, noNaN: true }),
    })
    fc.assert(
      fc.property(fc.array(point, { maxLength: 30 }), (points) => {
        const trend = trendOf([points])
        const again = trendOf([points.toReversed()])
        expect(again.trendConfidence).toBeCloseTo(trend.trendConfidence, 9)
        expect(trend.trendConfidence).toBeLessThanOrEqual(1)
        expect(trend.trendConfidence).toBeGreaterThanOrEqual(0)
      }),
    )
  })
})
