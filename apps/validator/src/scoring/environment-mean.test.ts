import { expect, it } from 'vitest'

import { createMean, type CountedSample } from './environment-mean.ts'

const sample = (taskId: number, score: number, generation = 1): CountedSample => ({
  minerHotkey: 'A',
  environment: 'sat',
  blockNumber: 1,
  generation,
  taskId,
  score,
})
const params = { scoringRange: [0, 10], scoreRange: [0, 1] } as const

function meanOf(
  samples: readonly CountedSample[],
  given: Parameters<typeof createMean>[0] = params,
): unknown {
  const mean = createMean(given)
  for (const one of samples) mean.add(one)
  return mean.result()
}

it('is exact, whatever the order: 0.1 + 0.2 + 0.7 over three is a third', () => {
  const samples = [sample(1, 0.1), sample(2, 0.2), sample(3, 0.7)]
  expect(meanOf(samples)).toEqual({ mean: 0.333333333, sampleCount: 3 })
  expect(meanOf(samples.toReversed())).toEqual(meanOf(samples))
})

it('takes the highest generation of a task, whichever comes first', () => {
  const samples = [sample(1, 0.2, 2), sample(1, 0.9, 1), sample(2, 0.4, 0)]
  expect(meanOf(samples)).toEqual({ mean: 0.3, sampleCount: 2 })
  expect(meanOf(samples.toReversed())).toEqual({ mean: 0.3, sampleCount: 2 })
})

it('passes over tasks outside the scoring range, whose end is excluded', () => {
  expect(meanOf([sample(9, 1), sample(10, 0)])).toEqual({ mean: 1, sampleCount: 1 })
})

it('takes the range out: 20 within -100 to 100 is 0.6', () => {
  expect(meanOf([sample(1, 20)], { ...params, scoreRange: [-100, 100] })).toEqual({
    mean: 0.6,
    sampleCount: 1,
  })
})

it('is 0 over no samples', () => {
  expect(meanOf([])).toEqual({ mean: 0, sampleCount: 0 })
})

it.each([Number.NaN, 1.01, -0.01, Number.POSITIVE_INFINITY])('refuses a score of %d by name', (score) => {
  expect(() => meanOf([sample(3, score)])).toThrow(/score of A on task 3 of sat: .* outside .* 0 to 1/)
})
