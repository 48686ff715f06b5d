import { attemptDaySchema, type AttemptDay, type ExecutionOutcome } from '@subnetkit/core'
import { describe, expect, it } from 'vitest'

import { attemptDay, type MinerAttempt } from './attempt-day.ts'

type Told = readonly [ExecutionOutcome, string, string?]

function attempts(...list: readonly Told[]): MinerAttempt[] {
  return list.map(([outcome, time, taskName = 'weather']) => ({
    taskName,
    outcome,
    at: new Date(`2025-07-23T${time}Z`),
  }))
}

const key = {
  netuid: 57,
  validatorHotkey: 'validator',
  day: new Date('2025-07-23T00:00:00Z'),
  minerUid: 1,
  minerHotkey: 'alice',
}

function days(list: readonly MinerAttempt[]): readonly AttemptDay[] {
  const rows = attemptDay(key, list)
  for (const row of rows) expect(attemptDaySchema.parse(row)).toEqual(row)
  return rows
}

describe('attemptDay', () => {
  it('§6.18 counts attempts and answers, and leaves out what we caused', () => {
    const list = attempts(
      ['scored', '01:00:00'],
      ['miner_fault', '01:30:00'],
      ['infrastructure_fault', '02:00:00'],
      ['scored', '03:00:00'],
    )
    expect(days(list)).toMatchObject([{ ...key, attempted: 3, completed: 2, trailingFailures: 0 }])
  })

  it('§6.18 counts the failures at the end only; our own neither count nor break them', () => {
    const list = attempts(
      ['miner_fault', '00:00:00'],
      ['scored', '01:00:00'],
      ['miner_fault', '02:00:00'],
      ['infrastructure_fault', '03:00:00'],
      ['miner_fault', '04:00:00'],
    )
    expect(days(list)).toMatchObject([
      { trailingFailures: 2, lastAnsweredAt: new Date('2025-07-23T01:00:00Z') },
    ])
    expect(days(list.toReversed())).toEqual(days(list))
  })

  it('ends a row of failures in one task by an answer in another', () => {
    const list = attempts(
      ['miner_fault', '01:00:00', 'soil'],
      ['scored', '02:00:00'],
      ['miner_fault', '03:00:00', 'soil'],
      ['miner_fault', '03:00:00'],
    )
    expect(days(list)).toMatchObject([
      { taskName: 'soil', attempted: 2, completed: 0, trailingFailures: 1, lastAnsweredAt: null },
      { taskName: 'weather', attempted: 2, trailingFailures: 1 },
    ])
  })

  it('gives the benefit of the doubt within one millisecond', () => {
    const list = attempts(['scored', '01:00:00'], ['miner_fault', '01:00:00'])
    expect(days(list)).toMatchObject([{ trailingFailures: 0 }])
  })

  it('tells hours as bits, from the first to the last of the day', () => {
    const list = attempts(
      ['scored', '00:00:00'],
      ['miner_fault', '00:59:59.999'],
      ['miner_fault', '01:00:00'],
      ['scored', '02:00:00'],
      ['scored', '23:59:59.999'],
    )
    expect(days(list)).toMatchObject([{ askedHours: 0b111 | (1 << 23), answeredHours: 0b101 | (1 << 23) }])
  })

  it('has nothing to tell without attempts of the miner', () => {
    expect(days([])).toEqual([])
    expect(days(attempts(['infrastructure_fault', '01:00:00']))).toEqual([])
    expect(days(attempts(['miner_fault', '01:00:00']))).toMatchObject([
      { attempted: 1, completed: 0, answeredHours: 0, trailingFailures: 1, lastAnsweredAt: null },
    ])
  })
})
