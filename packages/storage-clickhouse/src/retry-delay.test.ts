import { expect, it } from 'vitest'

import { retryDelayMs } from './retry-delay.ts'

const policy = { attempts: 5, baseMs: 100, maxMs: 500 }

it.each([
  [1, 0.5, 50],
  [2, 0.5, 100],
  [3, 0.999, 399],
  [4, 0.5, 250],
  [20, 0.5, 250],
  [1, 0, 0],
])('after attempt %i with jitter %d waits %i ms', (attempt, jitter, expected) => {
  expect(retryDelayMs(policy, attempt, () => jitter)).toBe(expected)
})
