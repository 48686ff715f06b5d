import { isInputError } from '@subnetkit/core'
import { describe, expect, it } from 'vitest'

import { DEFAULT_EPOCH_PARAMETERS, type EpochParameters } from './epoch-parameters.ts'
import { ONE, toU16 } from './fixed-point.ts'
import { runEpoch, type EpochResult } from './run-epoch.ts'
import { EMPTY_ROW, type Neuron, type SubnetState, type U16Row } from './subnet-state.ts'

const BLOCK = 1_000

const neuron = (given: Partial<Neuron>): Neuron => ({
  stake: 0n,
  hasPermit: true,
  lastUpdate: BLOCK - 1,
  registeredAt: 0,
  commitBlock: null,
  ...given,
})

const subnet = (neurons: readonly Neuron[], given: Partial<SubnetState> = {}): SubnetState => ({
  neurons,
  ownerUid: null,
  bonds: neurons.map(() => EMPTY_ROW),
  ...given,
})

const row = (...pairs: readonly [number, number][]): U16Row => ({
  uids: pairs.map(([uid]) => uid),
  values: pairs.map(([, value]) => value),
})

const parameters = (given: Partial<EpochParameters> = {}): EpochParameters => ({
  ...DEFAULT_EPOCH_PARAMETERS,
  ...given,
})

const stored = (values: Float64Array): number[] => Array.from(values, toU16)
const u16At = (values: Float64Array, uid: number): number => toU16(values[uid] ?? Number.NaN)

describe('vectors 9.2', () => {
  it.each([1, 10])('%i nodes that weigh only themselves are paid by stake', (count) => {
    const state = subnet(Array.from({ length: count }, () => neuron({ stake: 1n })))
    const weights = state.neurons.map((_neuron, uid) => row([uid, 65_535]))
    const { shares, emission } = runEpoch(state, parameters(), weights, BLOCK)
    for (const name of ['incentive', 'dividends', 'consensus'] as const) {
      expect([...shares[name]].every((value) => value === 0)).toBe(true)
    }
    expect(emission.validators).toEqual(
      Array.from({ length: count }, () => (count === 1 ? 1_000_000_000n : 99_999_999n)),
    )
  })

  it('512 nodes, 64 of them equal validators', () => {
    const servers = Array.from({ length: 448 }, (_none, at): [number, number] => [64 + at, 65_535])
    const neurons = Array.from({ length: 512 }, (_none, uid) => neuron({ stake: uid < 64 ? 1n : 0n }))
    const weights = neurons.map((_neuron, uid) => (uid < 64 ? row(...servers) : EMPTY_ROW))
    const { shares, emission } = runEpoch(subnet(neurons), parameters(), weights, BLOCK)
    expect(new Set(stored(shares.dividends.subarray(0, 64)))).toEqual(new Set([1_023]))
    expect(new Set(emission.validators.slice(0, 64))).toEqual(new Set([7_812_500n]))
    expect(new Set(stored(shares.consensus.subarray(64)))).toEqual(new Set([146]))
    expect(new Set(stored(shares.incentive.subarray(64)))).toEqual(new Set([146]))
    expect(new Set(emission.miners.slice(64))).toEqual(new Set([1_116_071n]))
  })

  it('active stake: who stops sending weights falls behind, and catches up slowly', () => {
    const equal = row([2, 65_535], [3, 65_535])
    const weights = [equal, equal, EMPTY_ROW, EMPTY_ROW]
    const course = (updates: readonly [number, number], state: SubnetState, block: number): EpochResult =>
      runEpoch(
        {
          ...state,
          neurons: state.neurons.map((known, uid) => ({ ...known, lastUpdate: updates[uid] ?? 0 })),
        },
        parameters(),
        weights,
        block,
      )
    const start = subnet([0, 1, 2, 3].map((uid) => neuron({ stake: 1n, hasPermit: uid < 2 })))
    const keepPermits = ({ next }: EpochResult): SubnetState => ({
      ...next,
      neurons: next.neurons.map((known, uid) => ({ ...known, hasPermit: uid < 2 })),
    })
    const first = course([999, 999], start, 1_000)
    expect(stored(first.shares.dividends)).toEqual([32_767, 32_767, 0, 0])
    expect(first.emission.validators).toEqual([250_000_000n, 250_000_000n, 0n, 0n])

    const second = course([6_100, 999], keepPermits(first), 6_101)
    expect(second.isActive.slice(0, 2)).toEqual([true, false])
    expect(stored(second.shares.dividends)).toEqual([36_044, 29_490, 0, 0])
    expect(second.emission.validators.slice(0, 2)).toEqual([274_999_999n, 224_999_999n])
    expect(second.next.bonds.slice(0, 2).map(({ values }) => values[0])).toEqual([65_535, 53_619])

    const third = course([6_500, 6_500], keepPermits(second), 6_501)
    expect(stored(third.shares.dividends)).toEqual([35_716, 29_818, 0, 0])
    expect(third.emission.validators.slice(0, 2)).toEqual([272_501_132n, 227_498_866n])
    expect(third.next.bonds.slice(0, 2).map(({ values }) => values[0])).toEqual([65_535, 54_712])
  })

  it('outdated weights: a miner that registers again starts from nothing', () => {
    const weights = [row([2, 65_535], [3, 32_768]), row([2, 65_535], [3, 32_768]), EMPTY_ROW, EMPTY_ROW]
    const neurons = [0, 1, 2, 3].map((uid) => neuron({ stake: uid < 3 ? 1n : 0n, hasPermit: uid < 3 }))
    const before = runEpoch(subnet(neurons), parameters(), weights, BLOCK)
    expect((before.shares.incentive[2] ?? 0) / ONE).toBeCloseTo(0.66666328, 8)
    expect((before.shares.incentive[3] ?? 0) / ONE).toBeCloseTo(0.33333672, 8)

    const again = neurons.map((known, uid) => {
      const lastUpdate = uid === 0 ? BLOCK + 20 : known.lastUpdate
      return { ...known, lastUpdate, registeredAt: uid === 3 ? BLOCK + 10 : 0 }
    })
    const { shares, emission } = runEpoch(subnet(again), parameters(), weights, BLOCK + 30)
    expect((shares.consensus[2] ?? 0) / ONE).toBeCloseTo(0.66666328, 8)
    expect(shares.consensus[3]).toBe(0)
    expect(Array.from(shares.validatorTrust.subarray(0, 2), (value) => value / ONE)).toEqual([
      expect.closeTo(0.66666328, 8),
      expect.closeTo(0.66666328, 8),
    ])
    expect((shares.trust[2] ?? 0) / ONE).toBeCloseTo(0.79999756, 8)
    expect([...shares.incentive]).toEqual([0, 0, ONE, 0])
    expect(stored(shares.dividends.subarray(0, 2))).toEqual([32_767, 32_767])
    expect(emission.validators[0]).toBe(250_000_000n)
  })

  it.each([
    { name: 'no weights', weights: EMPTY_ROW, registeredAt: 0, paid: [1_000_000_000n, 0n] },
    { name: 'weights on oneself', weights: row([0, 65_535]), registeredAt: 0, paid: [1_000_000_000n, 0n] },
    { name: 'outdated weights', weights: row([1, 65_535]), registeredAt: BLOCK, paid: [1_000_000_000n, 0n] },
    { name: 'valid weights', weights: row([1, 65_535]), registeredAt: 0, paid: [500_000_000n, 500_000_000n] },
  ])('$name', ({ weights, registeredAt, paid }) => {
    const state = subnet([neuron({ stake: 1n }), neuron({ hasPermit: false, registeredAt })])
    const { emission } = runEpoch(state, parameters(), [weights, EMPTY_ROW], BLOCK)
    expect(emission.validators.map((rao, uid) => rao + (emission.miners[uid] ?? 0n))).toEqual(paid)
  })
})

describe('permits', () => {
  it('go to the largest stakes, and of equal ones to the higher uid', () => {
    const state = subnet([5n, 1n, 1n, 0n].map((stake) => neuron({ stake })))
    const { next } = runEpoch(state, parameters({ maxValidators: 2 }), [], BLOCK)
    expect(next.neurons.map(({ hasPermit }) => hasPermit)).toEqual([true, false, true, false])
  })

  it('are the exempt owner’s without stake, and nobody’s below the minimum', () => {
    const state = subnet(
      [5n, 1n, 0n].map((stake) => neuron({ stake })),
      { ownerUid: 2 },
    )
    const permits = (isOwnerExempt: boolean) =>
      runEpoch(state, parameters({ minStake: 3n, isOwnerExempt }), [], BLOCK).next.neurons.map(
        ({ hasPermit }) => hasPermit,
      )
    expect(permits(true)).toEqual([true, false, true])
    expect(permits(false)).toEqual([true, false, false])
  })

  it('gate this epoch as the last one left them, and bonds go with them', () => {
    const weights = [row([2, 65_535]), row([2, 65_535]), EMPTY_ROW]
    const state = subnet([neuron({ stake: 9n }), neuron({ stake: 1n }), neuron({ hasPermit: false })])
    const first = runEpoch(state, parameters({ maxValidators: 1 }), weights, BLOCK)
    expect(first.shares.dividends[1]).toBeGreaterThan(0)
    expect(first.next.bonds.map(({ uids }) => uids)).toEqual([[2], [], []])
    const second = runEpoch(first.next, parameters({ maxValidators: 1 }), weights, BLOCK)
    expect(second.shares.dividends[1]).toBe(0)
  })
})

describe('masks', () => {
  const weights = [row([0, 65_535], [1, 65_535]), EMPTY_ROW]

  it('keep only the owner’s weight on itself', () => {
    const neurons = [neuron({ stake: 1n }), neuron({ hasPermit: false })]
    const incentive = (ownerUid: number | null) =>
      stored(runEpoch(subnet(neurons, { ownerUid }), parameters(), weights, BLOCK).shares.incentive)
    expect(incentive(null)).toEqual([0, 65_535])
    expect(incentive(0)).toEqual([32_767, 32_767])
  })

  it.each([
    { commitBlock: 499, consensus: 0 },
    { commitBlock: 500, consensus: 65_535 },
    { commitBlock: null, consensus: 65_535 },
  ])('hold a commit of $commitBlock against a registration at 500', ({ commitBlock, consensus }) => {
    const neurons = [neuron({ stake: 1n, commitBlock }), neuron({ hasPermit: false, registeredAt: 500 })]
    const { shares } = runEpoch(subnet(neurons), parameters(), weights, BLOCK)
    expect(u16At(shares.consensus, 1)).toBe(consensus)
  })

  it('drop bonds on whoever registered since the last epoch', () => {
    const bonds = [row([2, 65_535]), row([2, 65_535]), EMPTY_ROW]
    const dividends = (registeredAt: number) => {
      const neurons = [
        neuron({ stake: 3n }),
        neuron({ stake: 1n }),
        neuron({ hasPermit: false, registeredAt }),
      ]
      const on = [row([2, 65_535]), row([2, 65_535]), EMPTY_ROW]
      const { shares } = runEpoch(subnet(neurons, { bonds }), parameters(), on, BLOCK)
      return stored(shares.dividends).slice(0, 2)
    }
    expect(dividends(BLOCK - 360)).toEqual([49_151, 16_383])
    expect(dividends(BLOCK - 361)).toEqual([34_405, 31_129])
  })
})

it('cuts what is above consensus out of bonds as far as the penalty says', () => {
  const neurons = [neuron({ stake: 6n }), neuron({ stake: 4n }), neuron({}), neuron({})]
  const weights = [row([2, 65_535]), row([2, 32_768], [3, 32_768]), EMPTY_ROW, EMPTY_ROW]
  const bondOn3 = (bondsPenalty: number) =>
    runEpoch(subnet(neurons), parameters({ yuma: 3, bondsPenalty }), weights, BLOCK).next.bonds[1]?.values[1]
  expect([0, 32_768, 65_535].map(bondOn3)).toEqual([3_276, 1_638, undefined])
})

describe('bad input is refused by name', () => {
  const state = subnet([neuron({ stake: 1n }), neuron({})])
  const refused = (run: () => unknown): string => {
    try {
      run()
    } catch (error) {
      if (isInputError(error)) return error.message
      throw error
    }
    return 'accepted'
  }
  const withWeights = (weights: U16Row) => () => runEpoch(state, parameters(), [weights], BLOCK)

  it.each([
    { name: 'an unknown uid', run: withWeights(row([2, 1])), says: /weights of uid 0, target 0: 2/ },
    { name: 'a uid twice', run: withWeights(row([1, 1], [1, 2])), says: /target 1: 1 stands twice/ },
    { name: 'uids out of order', run: withWeights(row([1, 1], [0, 2])), says: /target 1: 0 is out of order/ },
    { name: 'a weight of NaN', run: withWeights(row([1, Number.NaN])), says: /on uid 1: "NaN"/ },
    { name: 'a weight above u16', run: withWeights(row([1, 65_536])), says: /on uid 1: 65536/ },
    { name: 'a value too few', run: withWeights({ uids: [1], values: [] }), says: /as many values as uids/ },
    {
      name: 'a stake below zero',
      run: () => runEpoch(subnet([neuron({ stake: -1n })]), parameters(), [], BLOCK),
      says: /stake of uid 0: "?-1"? is below zero/,
    },
    {
      name: 'an infinite block',
      run: () => runEpoch(state, parameters(), [], Number.POSITIVE_INFINITY),
      says: /block: "Infinity"/,
    },
    {
      name: 'rates in the wrong order',
      run: () =>
        runEpoch(state, parameters({ liquidAlpha: { low: 9, high: 8, steepness: 1_000 } }), [], BLOCK),
      says: /liquidAlpha\.low: 9/,
    },
  ])('$name', ({ run, says }) => {
    expect(refused(run)).toMatch(says)
  })
})

it('pays nobody when nobody has stake', () => {
  const state = subnet([neuron({}), neuron({})])
  const { emission, shares } = runEpoch(state, parameters(), [row([1, 65_535])], BLOCK)
  expect(emission.validators).toEqual([0n, 0n])
  expect([...shares.incentive, ...shares.dividends]).toEqual([0, 0, 0, 0])
})
