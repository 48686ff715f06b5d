import { describe, expect, it } from 'vitest'

import { blockSince } from './block-since.ts'

const at = new Date('2026-02-03T04:05:06.789Z')
const after = (ms: number): Date => new Date(at.getTime() + ms)

describe('blockSince', () => {
  it('grows by one each 12 seconds from a known height', () => {
    const known = { blockNumber: 5_000_000, at }
    expect([0, 11_999, 12_000, 3_600_000].map((ms) => blockSince(known, after(ms)))).toEqual([
      5_000_000, 5_000_000, 5_000_001, 5_000_300,
    ])
  })

  it('grows as fast as the chain does that somebody read', () => {
    const known = { blockNumber: 10, at, blockMs: 50 }
    expect([49, 50, 1_000].map((ms) => blockSince(known, after(ms)))).toEqual([10, 11, 30])
  })

  it('does not fall when the clock does, and is 0 where no height is known', () => {
    expect(blockSince({ blockNumber: 7, at }, after(-3_600_000))).toBe(7)
    expect(blockSince(null, at)).toBe(0)
  })
})
