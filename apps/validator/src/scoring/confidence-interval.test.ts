import { expect, it } from 'vitest'

import { averageInterval, confidenceInterval } from './confidence-interval.ts'

const level = 0.8

it('is the equal-tailed interval of Beta(0.5 + S, 0.5 + n - S)', () => {
  // 80 successes of 100: Beta(80.5, 20.5) between its 10 % and 90 % quantiles.
  expect(confidenceInterval({ score: 0.8, sampleCount: 100, level })).toEqual({
    score: 0.8,
    lower: 0.74471096,
    upper: 0.846794792,
  })
})

it('holds the mean itself when every score is the lowest or the highest', () => {
  expect(confidenceInterval({ score: 0, sampleCount: 10, level })).toMatchObject({ lower: 0, score: 0 })
  expect(confidenceInterval({ score: 1, sampleCount: 10, level })).toMatchObject({ upper: 1, score: 1 })
})

it('says that nothing is known without a sample', () => {
  expect(confidenceInterval({ score: 0, sampleCount: 0, level })).toEqual({ score: 0, lower: 0, upper: 1 })
})

it('adds distances as squares for an average', () => {
  // Distances below 0.03 and 0.04: sqrt(0.0009 + 0.0016) / 2 = 0.025. Above 0.06 and 0.08: sqrt(0.0036 + 0.0064) / 2 = 0.05.
  expect(
    averageInterval([
      { score: 0.4, lower: 0.37, upper: 0.46 },
      { score: 0.6, lower: 0.56, upper: 0.68 },
    ]),
  ).toEqual({ score: 0.5, lower: 0.475, upper: 0.55 })
})

it('never leaves [0, 1]', () => {
  const unknown = { score: 0, lower: 0, upper: 1 }
  expect(averageInterval([unknown])).toEqual(unknown)
  expect(averageInterval([])).toEqual(unknown)
})
