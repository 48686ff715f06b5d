import { expect, it } from 'vitest'

import { historyChart, niceTop } from './history-chart.ts'

it.each([
  [0, 0.01],
  [0.0003, 0.0005],
  [0.024, 0.025],
  [0.1, 0.1],
  [0.34, 0.5],
  [0.51, 1],
  [1, 1],
])('ends the scale of %d at %d', (value, top) => {
  expect(niceTop(value)).toBe(top)
})

it('draws one point as a stroke, many as a line from the oldest, none as words', () => {
  const at = (hour: number): Date => new Date(Date.UTC(2026, 0, 1, hour))
  const one = historyChart([{ at: at(1), submittedWeight: 0.5 }], []).html
  expect(one).toMatch(/class="line" d="M494 [\d.]+h12"/)
  const line = historyChart(
    [
      { at: at(3), submittedWeight: 1 },
      { at: at(2), submittedWeight: 0 },
      { at: at(1), submittedWeight: 0.5 },
    ],
    [{ observedAt: at(3), incentive: 65_535 }],
  ).html
  expect(line).toContain('d="M0.0 110.0L500.0 218.0L1000.0 2.0"')
  expect(historyChart([], []).html).toContain('Nothing was kept')
})
