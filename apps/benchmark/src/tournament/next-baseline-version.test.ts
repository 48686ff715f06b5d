import { describe, expect, it } from 'vitest'

import { nextBaselineVersion } from './next-baseline-version.ts'

describe('nextBaselineVersion', () => {
  it.each([
    [[], 'v1.0.0'],
    [['v1.0.0'], 'v1.1.0'],
    [['v1.9.0', 'v1.10.0', 'v1.2.7'], 'v1.11.0'],
    [['v1.30.0', 'v2.0.0'], 'v2.1.0'],
  ])('after %j comes %s', (versions, next) => {
    expect(nextBaselineVersion(versions)).toBe(next)
    expect(nextBaselineVersion(versions.toReversed())).toBe(next)
  })
})
