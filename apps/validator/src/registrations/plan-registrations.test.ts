import type { Miner } from '@subnetkit/core'
import { describe, expect, it } from 'vitest'

import { metagraphOf, neuronOf } from '../../test/fixtures/chain-values.ts'
import { knownMiner } from '../../test/fixtures/known-miner.ts'
import type { Metagraph, MetagraphNeuron } from '../ports/chain.ts'
import { planRegistrations, type RegistrationPlan } from './plan-registrations.ts'

const netuid = 1
const blockNumber = 200

/** Uid by uid: a hotkey, or a neuron with what is unusual of it. */
function subnet(
  neurons: readonly (string | Partial<MetagraphNeuron>)[],
  fields: Partial<Metagraph> = {},
): Metagraph {
  const filled = neurons.map((neuron, uid): MetagraphNeuron => {
    const unusual = typeof neuron === 'string' ? { hotkey: neuron } : neuron
    return neuronOf(uid, { coldkey: 'cold', registeredAt: 50, ...unusual })
  })
  return metagraphOf({ netuid, blockNumber, neurons: filled, ...fields })
}

/** A miner that the last sync found, at block 100. */
function placed(hotkey: string, uid: number | null, fields: Partial<Miner> = {}): Miner {
  const place = { netuid, uid, registeredAt: uid === null ? null : 50, blockNumber: 100 }
  return knownMiner({ hotkey, uid, coldkey: 'cold', place, ...fields })
}

const plan = (miners: readonly Miner[], metagraph: Metagraph): RegistrationPlan => {
  const planned = planRegistrations({ netuid, miners, metagraph })
  if (planned.kind === 'plan') return planned
  throw new Error(`refused: ${planned.why}`)
}

describe('what became of a miner', () => {
  it.each<[string, Miner, readonly (string | Partial<MetagraphNeuron>)[], object]>([
    [
      'its uid is another hotkey’s',
      placed('a', 1),
      ['x', 'b'],
      { kind: 'replaced', from: 1, to: null, heldBy: 'b' },
    ],
    ['its uid is no more', placed('a', 5), ['x', 'b'], { kind: 'gone', from: 5, to: null, heldBy: null }],
    ['it is at another uid', placed('a', 0), ['x', 'a'], { kind: 'moved', from: 0, to: 1, heldBy: 'x' }],
    [
      'it left a uid that is no more',
      placed('a', 7),
      ['x', 'a'],
      { kind: 'moved', from: 7, to: 1, heldBy: null },
    ],
    ['it is back', placed('a', null), ['x', 'a'], { kind: 'returned', from: null, to: 1, heldBy: null }],
    [
      'it is back after somebody wrote down a uid for it',
      placed('a', null, { uid: 9 }),
      ['x', 'a'],
      { kind: 'returned', from: 9, to: 1 },
    ],
    [
      'it took its uid anew',
      placed('a', 1),
      ['x', { hotkey: 'a', registeredAt: 150 }],
      { kind: 'reregistered', from: 1, to: 1, heldBy: null },
    ],
    [
      'it has another coldkey',
      placed('a', 1, { coldkey: 'old' }),
      ['x', 'a'],
      { kind: 'coldkey', coldkey: 'cold' },
    ],
    [
      'it is found for the first time, as it was written down',
      knownMiner({ hotkey: 'a', uid: 1 }),
      ['x', 'a'],
      { kind: 'joined', from: 1, to: 1, heldBy: null },
    ],
    [
      'it is found for the first time, and its uid was not known',
      knownMiner({ hotkey: 'a', uid: null }),
      ['x', 'a'],
      { kind: 'joined', from: null, to: 1 },
    ],
    [
      'it is found for the first time, at another uid than was written down',
      knownMiner({ hotkey: 'a', uid: 0 }),
      ['x', 'a'],
      { kind: 'moved', from: 0, to: 1, heldBy: 'x' },
    ],
    [
      'it was written down, and the chain never had it',
      knownMiner({ hotkey: 'a', uid: 0 }),
      ['x'],
      { kind: 'replaced', from: 0, to: null, heldBy: 'x' },
    ],
    [
      'somebody wrote down another uid beside what the chain said',
      placed('a', 1, { uid: 0 }),
      ['x', 'a'],
      { kind: 'moved', from: 0, to: 1 },
    ],
    [
      'somebody took its uid away by hand',
      placed('a', 1, { uid: null }),
      ['x', 'a'],
      { kind: 'moved', from: null, to: 1 },
    ],
  ])('%s', (_name, miner, neurons, expected) => {
    const { changes, unchanged, witness } = plan([miner], subnet(neurons))
    expect(changes).toMatchObject([{ hotkey: 'a', ...expected }])
    expect({ unchanged, witness }).toEqual({ unchanged: 0, witness: null })
  })

  it.each<[string, Miner]>([
    ['it stays where it is', placed('a', 1)],
    ['it is still deregistered', placed('b', null)],
    ['it has no uid, and the chain never had it', knownMiner({ hotkey: 'b', uid: null })],
    ['it was written down after this block', knownMiner({ hotkey: 'b', uid: 0, lastBlock: blockNumber + 1 })],
  ])('nothing: %s', (_name, miner) => {
    const { changes, unchanged } = plan([miner], subnet(['x', 'a']))
    expect({ changes, unchanged }).toEqual({ changes: [], unchanged: 1 })
  })

  it('gives everybody its own change, whoever took whose uid', () => {
    const miners = [placed('b', 1), placed('a', 0), placed('c', 2), placed('d', 3)]
    const { changes, unchanged, newcomers } = plan(miners, subnet(['b', 'a', 'n', 'd']))
    expect(changes.map(({ hotkey, kind, from, to }) => [hotkey, kind, from, to])).toEqual([
      ['a', 'moved', 0, 1],
      ['b', 'moved', 1, 0],
      ['c', 'replaced', 2, null],
    ])
    expect(unchanged).toBe(1)
    expect(newcomers).toEqual([{ uid: 2, hotkey: 'n', registeredAt: 50, hasPermit: false }])
  })

  it('says the chain’s word on place and coldkey', () => {
    const { changes } = plan([placed('a', 0), placed('b', 5)], subnet(['x', { hotkey: 'a', coldkey: 'new' }]))
    expect(changes).toMatchObject([
      { place: { netuid, uid: 1, registeredAt: 50, blockNumber }, coldkey: 'new' },
      { place: { netuid, uid: null, registeredAt: null, blockNumber }, coldkey: null },
    ])
  })

  it('names one that did not change, so that the block is known, and only where no change does that', () => {
    const { witness } = plan([knownMiner({ hotkey: 'A', uid: null }), placed('a', 1)], subnet(['x', 'a']))
    expect(witness).toMatchObject({ hotkey: 'a', coldkey: 'cold', place: { uid: 1, blockNumber } })
    expect(plan([placed('a', 1), placed('c', 5)], subnet(['x', 'a'])).witness).toBeNull()
    expect(plan([], subnet(['x'])).witness).toBeNull()
  })
})

describe('a subnet that says nothing', () => {
  const miners = [placed('a', 1)]
  it.each<[string, readonly Miner[], Metagraph, string, RegExp]>([
    ['it is empty', miners, subnet([]), 'empty_subnet', /no neurons at block 200/],
    ['it is another one', miners, subnet(['x'], { netuid: 2 }), 'other_subnet', /answered with subnet 2/],
    ['it is older', miners, subnet(['x'], { blockNumber: 99 }), 'older_block', /block 99.*block 100 already/],
    [
      'the registry is another subnet’s',
      [placed('a', 1, { place: { netuid: 7, uid: 1, registeredAt: 1, blockNumber: 1 } })],
      subnet(['x']),
      'other_subnet',
      /miners of subnet 7, not of 1/,
    ],
  ])('changes nothing: %s', (_name, known, metagraph, reason, why) => {
    const planned = planRegistrations({ netuid, miners: known, metagraph })
    expect(planned).toEqual({
      kind: 'refused',
      reason,
      why: expect.stringMatching(why),
      wayOut: expect.stringMatching(/\w/),
    })
  })

  it('is not one of the block that the registry has come to', () => {
    expect(plan(miners, subnet(['x', 'a'], { blockNumber: 100 })).unchanged).toBe(1)
  })
})
