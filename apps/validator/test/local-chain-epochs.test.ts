import { describe, expect, it } from 'vitest'

import { advanceChain } from '../src/adapters/local-chain/advance-chain.ts'
import { commitTimelocked } from '../src/adapters/local-chain/commit-weights.ts'
import type { LocalChainParameters } from '../src/adapters/local-chain/local-chain-parameters.ts'
import { localChainStateSchema, type LocalChainState } from '../src/adapters/local-chain/local-chain-state.ts'
import { addStake } from '../src/adapters/local-chain/register-neuron.ts'
import { setWeights } from '../src/adapters/local-chain/set-weights.ts'
import type { Transition } from '../src/adapters/local-chain/chain-refusal.ts'
import { localSubnet, netuid, validator } from './fixtures/local-subnet.ts'

const isSoak = process.env['SUBNETKIT_SOAK'] === '1'

const ownWeights = {
  hotkey: validator,
  netuid,
  uids: [4, 5, 6],
  values: [65_535, 9_000, 100],
  versionKey: 0n,
}

function stateAfter(transition: Transition): LocalChainState {
  if (transition.kind === 'refused') throw new Error(`refused: ${transition.error}`)
  return transition.state
}

/** A subnet whose operator sent weights once and was then gone. */
function left(parameters: Partial<LocalChainParameters>): LocalChainState {
  const state = advanceChain(localSubnet(parameters), 5)
  if (!state.parameters.commitRevealEnabled) return stateAfter(setWeights(state, ownWeights))
  return stateAfter(commitTimelocked(state, { ...ownWeights, commitRevealVersion: 4 }))
}

describe('epochs', () => {
  it('run at genesis + tempo, + 2 tempo, …, however far a single step goes', () => {
    const state = localSubnet({ tempo: 7 }, 5, 100)
    expect(advanceChain(state, 106)).toMatchObject({ block: 106, epoch: 0, lastEpochBlock: 100 })
    expect(advanceChain(state, 107)).toMatchObject({ block: 107, epoch: 1, lastEpochBlock: 107 })
    expect(advanceChain(state, 127)).toMatchObject({ block: 127, epoch: 3, lastEpochBlock: 121 })
  })

  it('never run with a tempo of 0', () => {
    const state = localSubnet({ tempo: 0 })
    expect(advanceChain(state, 1_000_000)).toEqual({ ...state, block: 1_000_000 })
  })

  it('a block that has passed changes nothing', () => {
    const state = advanceChain(localSubnet(), 50)
    expect(advanceChain(state, 50)).toBe(state)
    expect(advanceChain(state, 3)).toBe(state)
  })

  it('nobody’s weights pay nobody but the validators, by stake', () => {
    const silent = { ...localSubnet(), peers: [] }
    const { neurons } = advanceChain(silent, 20)
    expect(neurons.map(({ incentive }) => incentive)).toEqual(neurons.map(() => 0))
    expect(neurons.map(({ emission }) => emission)).toEqual([
      0n,
      ...Array(3).fill(333_333_333n),
      0n,
      0n,
      0n,
      0n,
      0n,
    ])
  })

  it('one who is silent for longer than the cutoff is active no more, and lives on its old bonds alone', () => {
    const state = left({ activityCutoff: 100 })
    const before = advanceChain(state, 100).neurons[1]
    const gone = advanceChain(state, 120)
    expect(before).toMatchObject({ isActive: true, lastUpdate: 5 })
    expect(gone.neurons[1]).toMatchObject({ isActive: false, lastUpdate: 5 })
    expect(gone.neurons[1]?.dividends).toBeLessThan(before?.dividends ?? 0)
    expect(gone.neurons[2]).toMatchObject({ isActive: true, lastUpdate: 119 })
  })

  it('stake decides permits at the next epoch', () => {
    const state = localSubnet({ maxValidators: 2 })
    expect(state.neurons.map(({ hasPermit }) => hasPermit).slice(0, 5)).toEqual([
      true,
      false,
      true,
      true,
      false,
    ])
    const staked = stateAfter(addStake(state, { hotkey: validator, amount: 1_000_000_000n }))
    const { neurons: after } = advanceChain(staked, 20)
    expect(after.map(({ hasPermit }) => hasPermit).slice(0, 4)).toEqual([true, true, false, true])
  })

  it('the other validators agree about the miners, each in its own way', () => {
    const { neurons } = advanceChain(localSubnet(), 20)
    const [first, second] = [neurons[2]?.weights, neurons[3]?.weights]
    expect(first?.uids).toEqual([4, 5, 6, 7, 8])
    expect(first?.values).not.toEqual(second?.values)
    const incentives = neurons.slice(4).map(({ incentive }) => incentive)
    expect(incentives.toSorted((a, b) => b - a)).toEqual(incentives)
    expect(advanceChain(localSubnet(), 20)).toEqual(advanceChain(localSubnet(), 20))
  })
})

describe('a chain that nobody looked at for long', () => {
  const cases: readonly (readonly [string, Partial<LocalChainParameters>])[] = [
    ['plain', { activityCutoff: 60, tempo: 10 }],
    ['commits', { activityCutoff: 60, tempo: 10, commitRevealEnabled: true, revealPeriodEpochs: 3 }],
    ['peers who may send only every third epoch', { activityCutoff: 90, tempo: 10, weightsRateLimit: 25 }],
    [
      'Yuma 3 with liquid alpha',
      { activityCutoff: 60, tempo: 10, yuma: 3, liquidAlpha: { low: 6_554, high: 19_661, steepness: 1_000 } },
    ],
  ]
  it.each(cases)('is where small steps would have brought it: %s', (_name, parameters) => {
    const epochs = isSoak ? 3_000 : 200
    const start = left(parameters)
    let walked = start
    for (let block = 90; block <= epochs * 10; block += 90) walked = advanceChain(walked, block)
    for (const extra of isSoak ? [0, 4, 9, 10, 25] : [0, 9]) {
      const target = epochs * 10 + extra
      expect(advanceChain(start, target)).toEqual(advanceChain(walked, target))
    }
    // Walked epoch by epoch this would take half an hour.
    expect(advanceChain(start, 10_000_007)).toMatchObject({ epoch: 1_000_000, lastEpochBlock: 10_000_000 })
  })

  it('catches up with ten years in a moment', () => {
    const start = left({ activityCutoff: 5_000, tempo: 20 })
    const began = performance.now()
    const years = advanceChain(start, 300_000_000)
    expect(performance.now() - began).toBeLessThan(5_000)
    expect(years).toMatchObject({ block: 300_000_000, epoch: 15_000_000, lastEpochBlock: 300_000_000 })
    expect(years.neurons[2]?.lastUpdate).toBe(299_999_999)
    expect(years.neurons[1]).toMatchObject({ isActive: false, lastUpdate: 5 })
  })
})

it('a state survives its file, and no other content is taken for one', () => {
  const state = left({ commitRevealEnabled: true, weightsVersionKey: 2n ** 64n - 1n })
  const text = JSON.stringify(localChainStateSchema.encode(state))
  expect(text).toContain('"18446744073709551615"')
  expect(localChainStateSchema.decode(JSON.parse(text))).toEqual(state)
  expect(() => localChainStateSchema.decode({ ...JSON.parse(text), extra: 1 })).toThrow('extra')
})
