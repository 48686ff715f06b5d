import { describe, expect, it } from 'vitest'

import { parseInterval } from './parse-interval.ts'

describe('parseInterval', () => {
  it.each([
    ['00:00:00', 0],
    ['1 day 02:03:04.5', 93_784.5],
    ['2 days', 172_800],
    ['00:01:00.000001', 60.000001],
    ['27:00', 97_200],
    ['2 days -01:00:00', 169_200],
    ['1 2:03:04', 93_784],
    ['@ 1 day 2 hours 3 mins 4.5 secs', 93_784.5],
    ['@ 1 min', 60],
    ['P1DT2H3M4.5S', 93_784.5],
    ['PT0S', 0],
    ['PT20H', 72_000],
  ])('reads %s', (text, seconds) => {
    expect(parseInterval('since', text)).toBeCloseTo(seconds, 9)
  })

  it.each([
    '',
    'P',
    'PT',
    '1 mon',
    '1 year 2 days',
    'P1M',
    'soon',
    '1:2',
    '1 day soon',
    '-01:00:00',
    '-1 days',
    '12',
  ])('refuses %j', (text) => {
    expect(() => parseInterval('since', text)).toThrow(
      expect.objectContaining({ name: 'RowProblem', fault: expect.objectContaining({ value: text }) }),
    )
  })
})
