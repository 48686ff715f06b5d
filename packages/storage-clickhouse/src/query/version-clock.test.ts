import { describe, expect, it } from 'vitest'

import { createVersionClock } from './version-clock.ts'

describe('createVersionClock', () => {
  it('is microseconds shifted by ten bits plus the writer', () => {
    const clock = createVersionClock({ now: () => 1_754_000_000_000.5, writerId: 1_023 })
    expect(clock.next()).toBe((1_754_000_000_000_500n << 10n) + 1_023n)
  })

  it('increases strictly when the clock stands still, steps back and moves on', () => {
    const times = [10, 10, 10, 5, 1, 10.001, 10.002, 11, 0, 12]
    const clock = createVersionClock({ now: () => times.shift() ?? 0, writerId: 3 })
    const versions = Array.from({ length: 10 }, () => clock.next())
    expect(
      versions.every((version, index) => index === 0 || version > (versions[index - 1] ?? version)),
    ).toBe(true)
    expect(versions.at(-1)).toBe((12_000n << 10n) + 3n)
  })

  it('never gives two writers the same version', () => {
    const clocks = [0, 1, 1_023].map((writerId) => createVersionClock({ now: () => 7, writerId }))
    const versions = clocks.flatMap((clock) => Array.from({ length: 100 }, () => clock.next()))
    expect(new Set(versions).size).toBe(300)
  })

  it.each([-1, 1_024, 0.5, Number.NaN])('refuses the writer %d', (writerId) => {
    expect(() => createVersionClock({ now: () => 1, writerId })).toThrow(/between 0 and 1023/)
  })

  it.each([Number.NaN, -1, Number.POSITIVE_INFINITY, 1e17])('refuses the time %d', (time) => {
    expect(() => createVersionClock({ now: () => time, writerId: 0 }).next()).toThrow(/clock/)
  })
})
