import { describe, expect, it } from 'vitest'

import { aggregateScores, aggregationSchema, planEraAggregations, type ScoreRow } from './aggregate-scores.ts'

const now = new Date('2025-07-23T12:00:00Z')
const row = (ageHours: number, scores: readonly number[], taskId = `t${ageHours}`): ScoreRow => ({
  taskId,
  createdAt: new Date(now.getTime() - ageHours * 3_600_000),
  scores: Float64Array.from(scores),
})
const { weather, geomagnetic, soil } = planEraAggregations
const float32 = aggregationSchema.parse({ ...soil, precision: 'float32' })

describe('§1.3 aggregation', () => {
  it('soil: two rows decay by their age', () => {
    const rows = [row(18, [0.6]), row(6, [0.8])]
    expect(aggregateScores({ rows, size: 1, aggregation: soil, now })[0]).toBeCloseTo(0.71715729, 8)
    const single = aggregateScores({ rows, size: 1, aggregation: float32, now })[0]
    expect(single).toBeCloseTo(0.71715729, 6)
    expect(single).toBe(Math.fround(single ?? 0))
    expect(aggregateScores({ rows: rows.toReversed(), size: 1, aggregation: soil, now })).toEqual(
      aggregateScores({ rows, size: 1, aggregation: soil, now }),
    )
  })

  it('soil: few rows cost completeness', () => {
    const rows = [row(2, [0.9, 0]), row(5, [0, 0]), row(9, [Number.NaN, 0]), row(20, [0, Number.NaN])]
    const [some, none] = aggregateScores({ rows, size: 2, aggregation: soil, now })
    expect(some).toBeCloseTo(0.82158384, 8)
    expect(none).toBe(0)
  })

  it('geo: a missing score counts as zero, rows out of the window do not count', () => {
    const rows = [row(0, [0.9, 0.3]), row(24, [Number.NaN, 0.6]), row(24.1, [1, 1]), row(-1, [1, 1])]
    expect([...aggregateScores({ rows, size: 2, aggregation: geomagnetic, now })]).toEqual([
      0.45,
      expect.closeTo(0.45, 12),
    ])
    expect([...aggregateScores({ rows: [], size: 2, aggregation: geomagnetic, now })]).toEqual([0, 0])
  })

  it('weather: an old final row outranks a newer initial one, and only one row counts', () => {
    const rows = [
      row(1, [0.1], 'initial_weather_scores'),
      row(300, [0.5], 'final_weather_scores_1'),
      row(350, [0.9], 'final_weather_scores_2'),
    ]
    expect([...aggregateScores({ rows, size: 1, aggregation: weather, now })]).toEqual([0.5])
    const unpreferred = aggregationSchema.parse({ ...weather, preferredPrefix: '' })
    expect([...aggregateScores({ rows, size: 1, aggregation: unpreferred, now })]).toEqual([0.1])
    expect([...aggregateScores({ rows: [], size: 1, aggregation: weather, now })]).toEqual([0])
  })

  it('refuses a malformed row by name, or takes it for a row without scores', () => {
    const rows = [row(1, [0.5, 0.5, 0.5], 'odd'), row(2, [1, 1])]
    expect(() => aggregateScores({ rows, size: 2, aggregation: geomagnetic, now })).toThrow(
      /^scores of odd: 3 is not the number of miners/,
    )
    const lenient = aggregationSchema.parse({ ...geomagnetic, malformedRows: 'absent' })
    expect([...aggregateScores({ rows, size: 2, aggregation: lenient, now })]).toEqual([0.5, 0.5])
  })
})
