import { expect, it } from 'vitest'

import { betaQuantile } from './beta-quantile.ts'

// Values of an independent implementation of the inverse incomplete beta function.
it.each([
  [0.1, 0.5, 0.5, 0.024471741852423214],
  [0.9, 0.5, 1.5, 0.6486428019743724],
  [0.1, 80.5, 20.5, 0.7447109595643815],
  [0.9, 80.5, 20.5, 0.8467947923839411],
  [0.1, 0.5, 5000.5, 0.000001578997210818805],
  [0.9, 0.5, 5000.5, 0.0002705042248585294],
  [0.025, 500.7, 2499.3, 0.15377139381088148],
  [0.9, 1.2, 0.8, 0.9535121592746456],
  [0.1, 3.25, 7.75, 0.13291444695503107],
  [0.5, 10.5, 10.5, 0.5],
  [0.1, 99999.5, 0.5, 0.9999864722727715],
  [0.9, 50000.5, 50000.5, 0.5020262975574477],
])('a share of %d lies below the quantile of Beta(%d, %d)', (probability, a, b, quantile) => {
  expect(Math.abs(betaQuantile(probability, a, b) - quantile)).toBeLessThan(1e-11)
})

it('has the ends of the range for probabilities of 0 and 1', () => {
  expect([betaQuantile(0, 2, 3), betaQuantile(1, 2, 3)]).toEqual([0, 1])
})
