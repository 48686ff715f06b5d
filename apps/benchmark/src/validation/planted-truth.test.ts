import { expect, it } from 'vitest'

import { readPlantedTruth } from './planted-truth.ts'

function row(address: string, role: string, id: string, pattern_type = 'cycle'): object {
  return {
    address,
    role,
    pattern_type,
    pattern_instance_id: id,
    hop_distance: -1,
    processing_date: '2025-08-01',
  }
}

it('gathers rows into patterns by id, whatever their order', () => {
  const rows = [row('c', 'cycle_node', 'two'), row('b', 'cycle_node', 'one'), row('a', 'cycle_node', 'one')]
  const truth = readPlantedTruth(rows)
  expect(truth.patterns).toEqual([
    { id: 'one', patternType: 'cycle', addresses: ['a', 'b'] },
    { id: 'two', patternType: 'cycle', addresses: ['c'] },
  ])
  expect(readPlantedTruth(rows.toReversed())).toEqual(truth)
})

it('takes victims and bystanders for no culprits', () => {
  const { culprits } = readPlantedTruth([
    row('a', 'attacker', 'one'),
    row('b', 'rug_victim', 'one'),
    row('c', 'legitimate_exchange', 'one'),
    row('d', 'peel_destination', 'one'),
    row('e', 'sybil_target', 'two'),
  ])
  expect([...culprits]).toEqual(['a', 'd'])
})

it('names the row that is none', () => {
  expect(() => readPlantedTruth([row('a', 'attacker', 'one'), { address: 'b' }])).toThrow(
    /^ground_truth: row 2: role: is missing/,
  )
})
