import { isInputError } from '@subnetkit/core'
import { describe, expect, it } from 'vitest'

import { timeOfRound } from './quicknet.ts'
import { revealOf, type RevealSchedule } from './reveal-round.ts'

/** A block of its own time: exactly that of a round, 3 blocks before the next epoch. */
const schedule: RevealSchedule = {
  blockNumber: 1_000,
  at: timeOfRound(5_000),
  blockTime: 12_000,
  nextEpochBlock: 1_003,
  epochLength: 361,
  revealPeriodEpochs: 1,
  opening: { opensAfter: 0, attempts: 'retried' },
}

describe('a reveal', () => {
  it('is at the start of the next epoch, by a round that is out three blocks later', () => {
    // 3 blocks to the epoch and 3 more, 4 rounds each.
    expect(revealOf(schedule)).toEqual({ block: 1_003, round: 5_024 })
  })

  it('waits for each further epoch of the period', () => {
    expect(revealOf({ ...schedule, revealPeriodEpochs: 3 })).toEqual({ block: 1_725, round: 5_024 + 722 * 4 })
    expect(revealOf({ ...schedule, revealPeriodEpochs: 100 }).block).toBe(1_003 + 99 * 361)
  })

  it('counts a commit in the block of an epoch to the epoch that begins there', () => {
    expect(revealOf({ ...schedule, blockNumber: 1_001 }).block).toBe(1_003)
    expect(revealOf({ ...schedule, blockNumber: 1_002 }).block).toBe(1_364)
    expect(revealOf({ ...schedule, blockNumber: 1_003 }).block).toBe(1_364)
    expect(revealOf({ ...schedule, blockNumber: 1_363 }).block).toBe(1_725)
  })

  it('is a block later where the chain opens in the first block after an epoch', () => {
    const later = { ...schedule, opening: { opensAfter: 1, attempts: 'retried' } as const }
    expect(revealOf(later)).toEqual({ block: 1_004, round: 5_028 })
    // The commit of block 1003 belongs to the next epoch there as well.
    expect(revealOf({ ...later, blockNumber: 1_001 }).block).toBe(1_004)
    expect(revealOf({ ...later, blockNumber: 1_002 }).block).toBe(1_365)
  })

  it('is by a round that is out 72 s earlier where the chain looks for it once, but not before the commit', () => {
    const once = { ...schedule, opening: { opensAfter: 0, attempts: 'once' } as const }
    expect(revealOf(once)).toEqual({ block: 1_003, round: 5_004 })
    expect(revealOf({ ...once, blockNumber: 996 })).toEqual({ block: 1_003, round: 5_004 })
    expect(revealOf({ ...once, blockNumber: 993 })).toEqual({ block: 1_003, round: 5_000 + 40 - 24 })
    expect(revealOf({ ...once, revealPeriodEpochs: 3 }).round).toBe(5_000 + 725 * 4 - 24)
  })

  it('rounds up to the first round that is not before it', () => {
    expect(revealOf({ ...schedule, blockTime: 1_000 }).round).toBe(5_002)
    expect(revealOf({ ...schedule, blockTime: 250 }).round).toBe(5_001)
    expect(revealOf({ ...schedule, at: new Date(schedule.at.getTime() + 1) }).round).toBe(5_025)
  })

  it.each([
    { epochLength: 0 },
    { revealPeriodEpochs: 0 },
    { revealPeriodEpochs: 101 },
    { blockTime: 0 },
    { blockTime: Number.NaN },
  ])('has no schedule with %j', (wrong) => {
    try {
      revealOf({ ...schedule, ...wrong })
      expect.unreachable()
    } catch (error) {
      expect(isInputError(error)).toBe(true)
    }
  })
})
