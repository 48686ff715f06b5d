import { describe, expect, it } from 'vitest'

import {
  chainValidator,
  hyperparametersOf,
  metagraphOf,
  neuronHotkey,
  neuronOf,
  settingsOf,
} from '../../test/fixtures/chain-values.ts'
import { resolveVector, type ResolveVectorParams } from './resolve-vector.ts'

function resolve(change: Partial<ResolveVectorParams>): ReturnType<typeof resolveVector> {
  return resolveVector({
    shares: [],
    burn: 0,
    validatorHotkey: chainValidator,
    metagraph: metagraphOf(),
    hyperparameters: hyperparametersOf(),
    settings: settingsOf(),
    ...change,
  })
}

const share = (uid: number, weight: number): { hotkey: string; weight: number } => ({
  hotkey: neuronHotkey(uid),
  weight,
})

describe('resolveVector', () => {
  it('finds uids by hotkey, and scales the largest to 65535', () => {
    const { vector, weights, heldBack } = resolve({ shares: [share(2, 0.25), share(1, 0.75)] })
    expect(vector).toEqual({ uids: [1, 2], values: [65_535, 21_845] })
    expect(weights).toEqual([
      { hotkey: neuronHotkey(1), weight: 0.75, uid: 1, value: 65_535 },
      { hotkey: neuronHotkey(2), weight: 0.25, uid: 2, value: 21_845 },
    ])
    expect(heldBack.size).toBe(0)
  })

  it('gives what a hotkey that left would have got to the others, never to who holds its uid now', () => {
    const neurons = metagraphOf().neurons.map((neuron) =>
      neuron.uid === 2 ? neuronOf(2, { hotkey: 'newcomer' }) : neuron,
    )
    const { vector, heldBack } = resolve({
      shares: [share(1, 0.5), share(2, 0.3), share(3, 0.2)],
      metagraph: metagraphOf({ neurons }),
    })
    expect(vector).toEqual({ uids: [1, 3], values: [65_535, 26_214] })
    expect([...heldBack]).toEqual([[neuronHotkey(2), 'not_registered']])
  })

  it('pays neither ourselves, nor the owner, nor who sets weights, unless told to', () => {
    const neurons = metagraphOf().neurons.map((neuron) =>
      neuron.uid === 3 ? neuronOf(3, { hasPermit: true, lastUpdate: 950 }) : neuron,
    )
    const metagraph = metagraphOf({ neurons })
    const shares = [share(0, 0.25), share(1, 0.25), share(3, 0.25), share(5, 0.25)]
    const strict = resolve({ shares, metagraph })
    expect(strict.vector).toEqual({ uids: [1], values: [65_535] })
    expect(Object.fromEntries(strict.heldBack)).toEqual({
      [chainValidator]: 'own',
      [neuronHotkey(3)]: 'validator',
      [neuronHotkey(5)]: 'owner',
    })
    const open = resolve({ shares, metagraph, settings: settingsOf({ payOwner: true, payValidators: true }) })
    expect(open.vector.uids).toEqual([1, 3, 5])
    expect(Object.fromEntries(open.heldBack)).toEqual({ [chainValidator]: 'own' })
  })

  it('takes a permit without recent weights for a miner’s', () => {
    const idle = (change: object): ReturnType<typeof resolveVector> =>
      resolve({
        shares: [share(1, 1)],
        metagraph: metagraphOf({
          neurons: metagraphOf().neurons.map((neuron) =>
            neuron.uid === 1 ? neuronOf(1, { hasPermit: true, ...change }) : neuron,
          ),
        }),
        hyperparameters: hyperparametersOf({ activityCutoff: 100 }),
      })
    expect(idle({ lastUpdate: 0 }).vector.uids).toEqual([1])
    expect(idle({ lastUpdate: 900 }).vector.uids).toEqual([1])
    // A new hotkey whose uid remembers the block of its registration has set none.
    expect(idle({ lastUpdate: 990, registeredAt: 990 }).vector.uids).toEqual([1])
    expect(() => idle({ lastUpdate: 901 }).vector).not.toThrow()
    expect(idle({ lastUpdate: 901 }).vector.uids).toEqual([5])
  })

  it('burns a share, to the owner or to a hotkey that is named', () => {
    expect(resolve({ shares: [share(1, 1)], burn: 0.75 }).vector).toEqual({
      uids: [1, 5],
      values: [21_845, 65_535],
    })
    const named = settingsOf({ burnTo: neuronHotkey(4) })
    expect(resolve({ shares: [share(1, 1)], burn: 1, settings: named }).vector).toEqual({
      uids: [4],
      values: [65_535],
    })
  })

  it('burns all when nobody is left to pay', () => {
    const { vector, heldBack } = resolve({ shares: [{ hotkey: 'gone', weight: 1 }], burn: 0.1 })
    expect(vector).toEqual({ uids: [5], values: [65_535] })
    expect([...heldBack.values()]).toEqual(['not_registered'])
  })

  it('sends nothing of nothing', () => {
    expect(() => resolve({ shares: [share(1, 0)] })).toThrow(/all zero: nobody earned any/)
    expect(() => resolve({})).toThrow(/scoring\.burn/)
  })

  it('says when the burn has nowhere to go', () => {
    expect(() => resolve({ burn: 1, metagraph: metagraphOf({ ownerHotkey: null }) })).toThrow(
      /burnTo: "owner" is no neuron of subnet 7/,
    )
    expect(() => resolve({ burn: 1, settings: settingsOf({ burnTo: 'gone' }) })).toThrow(
      /"gone" is no neuron/,
    )
  })

  it('fits the vector to what the subnet asks for', () => {
    const hyperparameters = hyperparametersOf({ minAllowedWeights: 4 })
    const few = resolve({ shares: [share(1, 0.75), share(2, 0.25)], hyperparameters })
    expect(few.vector.uids).toHaveLength(6)
    expect(few.vector.values[1]).toBe(65_535)
    const limit = Math.round(0.6 * 65_535)
    const capped = resolve({
      shares: [share(1, 0.75), share(2, 0.25)],
      hyperparameters: hyperparametersOf({ maxWeightLimit: limit }),
    })
    const sum = capped.weights.reduce((total, { weight }) => total + weight, 0)
    expect(sum).toBeCloseTo(1, 6)
    expect(Math.max(...capped.weights.map(({ weight }) => weight))).toBeLessThanOrEqual(0.6 + 1e-6)
  })
})
