import { describe, expect, it } from 'vitest'

import { buildExecutionLog } from '../contracts/execution-log-builders.ts'
import { consecutiveMinerFaults, summarizeExecutions } from './execution-log-rules.ts'

describe('summarizeExecutions', () => {
  it('counts by outcome and environment, and rounds the mean down', () => {
    const logs = [
      buildExecutionLog({ environment: 'b', durationMs: 1 }),
      buildExecutionLog({ environment: 'a', durationMs: 2, outcome: 'miner_fault' }),
      buildExecutionLog({ environment: 'b', durationMs: 5, outcome: 'infrastructure_fault' }),
      buildExecutionLog({ environment: 'b', durationMs: 0, score: 0 }),
    ]
    const expected = {
      total: 4,
      scored: 2,
      minerFaults: 1,
      infrastructureFaults: 1,
      meanDurationMs: 2,
      byEnvironment: new Map([
        ['a', { total: 1, scored: 0, minerFaults: 1, infrastructureFaults: 0 }],
        ['b', { total: 3, scored: 2, minerFaults: 0, infrastructureFaults: 1 }],
      ]),
    }
    expect(summarizeExecutions(logs)).toStrictEqual(expected)
    expect(summarizeExecutions(logs.toReversed())).toStrictEqual(expected)
    expect([...summarizeExecutions(logs).byEnvironment.keys()]).toStrictEqual(['a', 'b'])
  })

  it('has no mean without attempts', () => {
    expect(summarizeExecutions([])).toStrictEqual({
      total: 0,
      scored: 0,
      minerFaults: 0,
      infrastructureFaults: 0,
      meanDurationMs: null,
      byEnvironment: new Map(),
    })
  })
})

it.each([
  ['', 0],
  ['s', 0],
  ['m', 1],
  ['mmm', 3],
  ['mms', 2],
  ['smm', 0],
  ['mimis', 2],
  ['iii', 0],
  ['is', 0],
] as const)('consecutiveMinerFaults of %j, newest first, is %d', (text, expected) => {
  const outcomes = { s: 'scored', m: 'miner_fault', i: 'infrastructure_fault' } as const
  const logs = [...text].map((letter) => ({
    outcome: letter === 's' ? outcomes.s : letter === 'm' ? outcomes.m : outcomes.i,
  }))
  expect(consecutiveMinerFaults(logs)).toBe(expected)
})
