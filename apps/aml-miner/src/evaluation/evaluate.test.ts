import { isInputError } from '@subnetkit/core'
import { describe, expect, it } from 'vitest'

import { evaluate } from './evaluate.ts'
import { readTruth } from './truth.ts'

const columns = { address: 'address', flag: null }

describe('evaluate', () => {
  it('judges accounts by their best alert and patterns by half of their members', () => {
    const truth = readTruth(
      [
        { address: 'p1', pattern_instance_id: 'one' },
        { address: 'p2', pattern_instance_id: 'one' },
        { address: 'p3', pattern_instance_id: 'two' },
      ],
      columns,
      'truth.csv',
    )
    const ranked = [
      { address: 'p1', score: 0.9, confidence: 0.2 },
      { address: 'n1', score: 0.5, confidence: 0.9 },
      { address: 'p1', score: 0.4, confidence: 0.1 },
    ]
    const found = evaluate(ranked, ['n1', 'n2', 'p1'], truth)
    expect(found).toMatchObject({ positives: 3, accounts: 5, alerts: 3, alertedAccounts: 2 })
    expect(found.precisionAt50).toBeCloseTo(2 / 3, 12)
    expect(found.recall).toBeCloseTo(1 / 3, 12)
    expect(found.patternRecall).toBe(0.5)
    expect(found.auc).toBeCloseTo((2 + 0.5 + 0.5) / 6, 12)
    expect(found.confidenceAuc).toBeCloseTo((1 + 0.5 + 0.5) / 6, 12)
  })
})

describe('readTruth', () => {
  it('reads flags and keeps the clean ones apart', () => {
    const rows = [
      { nodeid: '1', isFraud: '1' },
      { nodeid: '2', isFraud: 0 },
      { nodeid: '3', isFraud: true },
    ]
    const truth = readTruth(rows, { address: 'nodeid', flag: 'isFraud' }, 'nodes.csv')
    expect([...truth.positives]).toEqual(['1', '3'])
    expect([...truth.negatives]).toEqual(['2'])
  })

  it('asks nobody to find victims and bystanders, unless they are culprits elsewhere', () => {
    const rows = [
      { address: 'thief', role: 'rug_operator', pattern_instance_id: 'rug' },
      { address: 'victim', role: 'rug_victim', pattern_instance_id: 'rug' },
      { address: 'both', role: 'rug_victim', pattern_instance_id: 'rug' },
      { address: 'both', role: 'cycle_member', pattern_instance_id: 'ring' },
      { address: 'user', role: 'nested_service_user', pattern_instance_id: 'nested' },
    ]
    const truth = readTruth(rows, columns, 'ground_truth.csv')
    expect([...truth.positives]).toEqual(['thief', 'both'])
    expect([...truth.negatives]).toEqual(['victim', 'user'])
    expect(new Map([...truth.instances].map(([id, members]) => [id, [...members]]))).toEqual(
      new Map([
        ['rug', ['thief']],
        ['ring', ['both']],
      ]),
    )
    const ranked = ['thief', 'victim', 'both'].map((address) => ({ address, score: 0.9, confidence: 0.9 }))
    const found = evaluate(ranked, [], truth)
    expect(found).toMatchObject({ positives: 2, accounts: 4, recall: 1, patternRecall: 1 })
    expect(found.precisionAt50).toBeCloseTo(2 / 3, 12)
  })

  it('takes the word of the flag that it was told of, whatever the roles say', () => {
    const rows = [
      { address: 'a', role: 'rug_victim', flagged: 'yes' },
      { address: 'b', role: 'rug_operator', flagged: 'no' },
    ]
    const truth = readTruth(rows, { address: 'address', flag: 'flagged' }, 'truth.csv')
    expect([...truth.positives]).toEqual(['a'])
    expect([...truth.negatives]).toEqual(['b'])
  })

  it.each([
    ['a missing column', [{ wrong: 'x' }], columns],
    [
      'a flag that is neither yes nor no',
      [{ address: 'x', f: 'perhaps' }],
      { address: 'address', flag: 'f' },
    ],
    ['no positive', [{ address: 'x', f: '0' }], { address: 'address', flag: 'f' }],
    ['nobody but victims', [{ address: 'x', role: 'rug_victim' }], columns],
  ])('refuses %s', (_name, rows, given) => {
    let caught: unknown
    try {
      readTruth(rows, given, 'truth.csv')
    } catch (error) {
      caught = error
    }
    expect(isInputError(caught)).toBe(true)
  })
})
