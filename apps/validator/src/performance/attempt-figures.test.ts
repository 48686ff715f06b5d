import type { ExecutionOutcome } from '@subnetkit/core'
import { describe, expect, it } from 'vitest'

import { attemptFigures, type MinerAttempt } from './attempt-figures.ts'

function attempts(list: readonly (readonly [ExecutionOutcome, string])[]): MinerAttempt[] {
  return list.map(([outcome, time]) => ({
    uid: 1,
    hotkey: 'a',
    taskName: 'weather',
    outcome,
    at: new Date(`2025-07-23T${time}Z`),
  }))
}

describe('attemptFigures', () => {
  it('§6.18 counts attempts and answers, and leaves out what we caused', () => {
    const figures = attemptFigures(
      attempts([
        ['scored', '01:00:00'],
        ['miner_fault', '01:30:00'],
        ['infrastructure_fault', '02:00:00'],
        ['scored', '03:00:00'],
      ]),
    )
    expect(figures).toMatchObject({ attempted: 3, completed: 2, successRate: 2 / 3, consecutiveFailures: 0 })
  })

  it('§6.18 counts the failures at the end only; our own neither count nor break them', () => {
    const list = attempts([
      ['miner_fault', '00:00:00'],
      ['scored', '01:00:00'],
      ['miner_fault', '02:00:00'],
      ['infrastructure_fault', '03:00:00'],
      ['miner_fault', '04:00:00'],
    ])
    expect(attemptFigures(list)).toMatchObject({
      consecutiveFailures: 2,
      lastAnsweredAt: new Date('2025-07-23T01:00:00Z'),
    })
    expect(attemptFigures(list.toReversed())).toEqual(attemptFigures(list))
  })

  it('gives the benefit of the doubt within one millisecond', () => {
    const list = attempts([
      ['scored', '01:00:00'],
      ['miner_fault', '01:00:00'],
    ])
    expect(attemptFigures(list).consecutiveFailures).toBe(0)
  })

  it('tells uptime by the hour: four hours asked, three answered', () => {
    const list = attempts([
      ['scored', '00:00:00'],
      ['miner_fault', '00:59:59.999'],
      ['miner_fault', '01:00:00'],
      ['miner_fault', '01:01:00'],
      ['scored', '02:00:00'],
      ['scored', '05:00:00'],
    ])
    expect(attemptFigures(list).uptimePercentage).toBe(75)
  })

  it('knows nothing without attempts, and zero without answers', () => {
    const nothing = {
      successRate: null,
      uptimePercentage: null,
      lastAnsweredAt: null,
      consecutiveFailures: 0,
    }
    expect(attemptFigures([])).toMatchObject({ attempted: 0, completed: 0, ...nothing })
    expect(attemptFigures(attempts([['infrastructure_fault', '01:00:00']]))).toMatchObject(nothing)
    expect(attemptFigures(attempts([['miner_fault', '01:00:00']]))).toMatchObject({
      successRate: 0,
      uptimePercentage: 0,
      lastAnsweredAt: null,
      consecutiveFailures: 1,
    })
  })
})
