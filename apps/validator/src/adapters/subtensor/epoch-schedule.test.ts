import { describe, expect, it } from 'vitest'

import { epochSchedule } from './epoch-schedule.ts'

const counted = { netuid: 7, tempo: 360, blockNumber: 1_000, lastEpochBlock: 900, pendingEpochAt: 0 }

describe('the schedule of epochs', () => {
  it('counts a tempo from the last one', () => {
    expect(epochSchedule(counted)).toEqual({
      nextEpochBlock: 1_260,
      epochLength: 360,
    })
  })

  it('has one earlier when the owner asked, and the next block when one is overdue', () => {
    expect(epochSchedule({ ...counted, pendingEpochAt: 1_100 }).nextEpochBlock).toBe(1_100)
    expect(epochSchedule({ ...counted, pendingEpochAt: 1_300 }).nextEpochBlock).toBe(1_260)
    expect(epochSchedule({ ...counted, lastEpochBlock: 100 }).nextEpochBlock).toBe(1_001)
  })

  it('followed the block number and the netuid before', () => {
    for (const netuid of [0, 1, 7, 64]) {
      for (const blockNumber of [0, 99, 359, 360, 361, 1_000]) {
        const { nextEpochBlock, epochLength } = epochSchedule({
          netuid,
          tempo: 360,
          blockNumber,
          lastEpochBlock: null,
          pendingEpochAt: 0,
        })
        const isEpoch = (block: number) => (block + netuid + 1) % 361 === 360
        let expected = blockNumber + 1
        while (!isEpoch(expected)) expected++
        expect(nextEpochBlock).toBe(expected)
        expect(epochLength).toBe(361)
      }
    }
  })

  it('has none without a tempo', () => {
    for (const lastEpochBlock of [null, 900]) {
      expect(epochSchedule({ ...counted, tempo: 0, lastEpochBlock }).nextEpochBlock).toBeNull()
    }
  })
})
