import { expect, it } from 'vitest'

import { thresholdNano } from './threshold.ts'

const remaining = { kind: 'remaining_share', share: 0.2, least: 0.02, most: 0.1 } as const
const error = { kind: 'standard_error', factor: 1.5, least: 0.02, most: 0.1 } as const

it.each([
  [0, 0.1], // (1 - 0) * 0.2 = 0.2, at most 0.1
  [0.5, 0.6], // 0.5 * 0.2 = 0.1
  [0.8, 0.84], // 0.2 * 0.2 = 0.04
  [0.95, 0.97], // 0.05 * 0.2 = 0.01, at least 0.02
  [0.98, 1], // 0.98 + 0.02: nobody passes 1
  [0.995, 1], // never above 1
])('is a share of what a score of %d lacks: %d', (score, threshold) => {
  expect(thresholdNano({ scoreNano: score * 1e9, sampleCount: 1, threshold: remaining })).toBe(
    threshold * 1e9,
  )
})

it.each([
  [0.5, 100, 0.575], // 1.5 * sqrt(0.25 / 100) = 0.075
  [0.5, 25, 0.6], // 1.5 * 0.1 = 0.15, at most 0.1
  [0.5, 10_000, 0.52], // 1.5 * 0.005 = 0.0075, at least 0.02
  [0.9, 0, 1], // no sample: as wide as it may be
])('is a multiple of the standard error of %d over %d samples: %d', (score, sampleCount, threshold) => {
  expect(thresholdNano({ scoreNano: score * 1e9, sampleCount, threshold: error })).toBe(threshold * 1e9)
})
