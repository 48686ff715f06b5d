import { describe, expect, it } from 'vitest'

import { advanceChain } from '../src/adapters/local-chain/advance-chain.ts'
import type { Transition } from '../src/adapters/local-chain/chain-refusal.ts'
import { commitHash, encodeCommit } from '../src/adapters/local-chain/commit-hash.ts'
import { commitTimelocked } from '../src/adapters/local-chain/commit-weights.ts'
import { createLocalSubnet } from '../src/adapters/local-chain/create-local-subnet.ts'
import type { LocalChainState } from '../src/adapters/local-chain/local-chain-state.ts'
import {
  addStake,
  deregisterNeuron,
  prunedUid,
  registerNeuron,
} from '../src/adapters/local-chain/register-neuron.ts'
import {
  blockMs,
  keysOf,
  localSubnet,
  minerOf,
  netuid,
  openSubnet,
  owner,
  peers,
  startedAt,
  validator,
} from './fixtures/local-subnet.ts'

const newcomer = { ...keysOf(500), stake: 0n, score: 0.5 }

function stateAfter(transition: Transition): LocalChainState {
  if (transition.kind === 'refused') throw new Error(`refused: ${transition.error}`)
  return transition.state
}

describe('registration', () => {
  it('takes the next uid while there is room, and each hotkey once', () => {
    const state = stateAfter(registerNeuron(advanceChain(localSubnet(), 33), newcomer))
    expect(state.neurons[9]).toMatchObject({
      hotkey: newcomer.hotkey,
      registeredAt: 33,
      lastUpdate: 33,
      hasPermit: false,
      isActive: true,
    })
    expect(registerNeuron(state, newcomer)).toEqual({
      kind: 'refused',
      error: 'HotKeyAlreadyRegisteredInSubNet',
    })
  })

  it('in a full subnet takes the uid of the lowest emission, of equals the oldest, then the lowest', () => {
    const full = advanceChain(localSubnet({ maxUids: 9, immunityPeriod: 0 }), 20)
    // The owner earns nothing and stays; so does our validator, which has sent no weights and goes.
    expect(prunedUid(full)).toBe(1)
    const poor = { ...full, neurons: full.neurons.map((neuron) => ({ ...neuron, emission: 5n })) }
    expect(prunedUid(poor)).toBe(1)
    const younger = poor.neurons.map((neuron, uid) => (uid < 4 ? { ...neuron, registeredAt: 3 } : neuron))
    expect(prunedUid({ ...poor, neurons: younger })).toBe(4)
    const poorest = younger.map((neuron, uid) => (uid === 2 ? { ...neuron, emission: 4n } : neuron))
    expect(prunedUid({ ...poor, neurons: poorest })).toBe(2)
  })

  it('spares the immune while others are there, and the owner always', () => {
    const state = advanceChain(localSubnet({ maxUids: 9, immunityPeriod: 50, tempo: 0 }), 60)
    const born = (uid: number): number => (uid === 6 ? 0 : 30)
    const neurons = state.neurons.map((neuron, uid) => ({
      ...neuron,
      registeredAt: born(uid),
      emission: BigInt(uid),
    }))
    expect(prunedUid({ ...state, neurons })).toBe(6)
    const immune = neurons.map((neuron) => ({ ...neuron, registeredAt: 30 }))
    expect(prunedUid({ ...state, neurons: immune })).toBe(1)
    expect(prunedUid({ ...state, neurons: immune.slice(0, 1) })).toBeNull()
    const kept = { ...state, neurons, parameters: { ...state.parameters, minNonImmuneUids: 1 } }
    expect(prunedUid(kept)).toBe(1)
    const alone = { ...state, neurons: immune.slice(0, 1), parameters: { ...state.parameters, maxUids: 1 } }
    expect(registerNeuron(alone, newcomer)).toEqual({ kind: 'refused', error: 'NoNeuronIdAvailable' })
  })

  it('hands over nothing: neither weights, bonds, permit nor earnings, and what others said of the uid is zero', () => {
    const before = advanceChain(localSubnet(), 45)
    expect(before.neurons[2]?.bonds.uids.length).toBeGreaterThan(0)
    const [peer = ''] = peers
    const after = stateAfter(deregisterNeuron(before, { hotkey: peer, newcomer }))
    expect(after.neurons[2]).toEqual({
      hotkey: newcomer.hotkey,
      coldkey: newcomer.coldkey,
      stake: 0n,
      hasPermit: false,
      isActive: true,
      lastUpdate: 45,
      registeredAt: 45,
      incentive: 0,
      dividends: 0,
      consensus: 0,
      validatorTrust: 0,
      emission: 0n,
      weights: { uids: [], values: [] },
      bonds: { uids: [], values: [] },
    })
    const miner = stateAfter(deregisterNeuron(before, { hotkey: minerOf(0), newcomer }))
    expect(miner.neurons[2]?.weights.uids).toEqual(before.neurons[2]?.weights.uids)
    expect(miner.neurons[2]?.weights.values).toEqual([
      0,
      ...(before.neurons[2]?.weights.values.slice(1) ?? []),
    ])
    const paid = advanceChain(miner, 100)
    expect(paid.neurons[4]).toMatchObject({ hotkey: newcomer.hotkey })
    expect(paid.neurons[4]?.incentive).toBeGreaterThan(0)
    expect(paid.neurons[4]?.incentive).toBeLessThan(paid.neurons[5]?.incentive ?? 0)
  })

  it('cannot push out the owner, nor who is not there', () => {
    const state = localSubnet()
    const refusal = (hotkey: string): unknown => deregisterNeuron(state, { hotkey, newcomer })
    expect(refusal(owner)).toEqual({ kind: 'refused', error: 'NoNeuronIdAvailable' })
    expect(refusal(newcomer.hotkey)).toEqual({ kind: 'refused', error: 'HotKeyNotRegisteredInSubNet' })
    expect(
      deregisterNeuron(state, { hotkey: validator, newcomer: { ...newcomer, hotkey: minerOf(1) } }),
    ).toEqual({ kind: 'refused', error: 'HotKeyAlreadyRegisteredInSubNet' })
    expect(addStake(state, { hotkey: newcomer.hotkey, amount: 1n })).toEqual({
      kind: 'refused',
      error: 'HotKeyNotRegisteredInSubNet',
    })
    expect(() => addStake(state, { hotkey: validator, amount: 0n })).toThrow('amount: 0 is nothing to stake')
    expect(() => addStake(state, { hotkey: validator, amount: 2n ** 64n })).toThrow('is no amount of rao')
    expect(() => registerNeuron(state, { ...newcomer, score: Number.NaN })).toThrow('"NaN" is no score')
    expect(() => registerNeuron(state, { ...newcomer, stake: -5n })).toThrow('stake: -5 is no amount of rao')
    expect(() => registerNeuron(state, { ...newcomer, hotkey: 'miner' })).toThrow(
      'hotkey: "miner" is no SS58',
    )
  })
})

describe('a commit', () => {
  const alice = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY'

  it('is the hash of these very bytes', () => {
    const salted = {
      hotkey: alice,
      netuid: 2,
      uids: [2, 3],
      values: [40_000, 20_000],
      salt: [1, 2, 3, 4, 5, 6, 7, 65_535],
      versionKey: 7n,
    }
    expect(Buffer.from(encodeCommit(salted)).toString('hex')).toBe(
      'd43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d0200080200030008409c204e200100020003000400050006000700ffff0700000000000000',
    )
    expect(commitHash(salted)).toBe('7081f185639828fa15d26151dd0536463334614f60c21540270361a7b5bb4b03')
    const uids = Array.from({ length: 300 }, (_, uid) => uid)
    const long = { ...salted, uids, values: uids, salt: Array<number>(8).fill(0), versionKey: 2n ** 64n - 1n }
    expect(commitHash(long)).toBe('c8814cf2aa56206372a3306b5aa5a9a21fe4ca16f0c667f2c216977165982639')
  })

  it('of another version is refused', () => {
    const state = advanceChain(localSubnet({ commitRevealEnabled: true }), 5)
    const weights = { hotkey: validator, netuid, uids: [4], values: [1], versionKey: 0n }
    expect(commitTimelocked(state, { ...weights, commitRevealVersion: 3 })).toEqual({
      kind: 'refused',
      error: 'IncorrectCommitRevealVersion',
    })
    expect(commitTimelocked(state, { ...weights, commitRevealVersion: 4 }).kind).toBe('applied')
  })
})

describe('bad input', () => {
  const subnet = {
    netuid,
    seed: 'test',
    startedAt,
    blockMs,
    owner: keysOf(0),
    validator: keysOf(1),
    peers: [],
    miners: [{ ...keysOf(10), score: 1 }],
  }
  it.each([
    [{ miners: [{ ...keysOf(1), score: 1 }] }, 'stands twice; give each neuron a hotkey of its own'],
    [{ owner: { hotkey: 'me', coldkey: owner } }, 'hotkey: "me" is no SS58 address'],
    [{ owner: { hotkey: owner, coldkey: '' } }, 'coldkey: "" is no SS58 address'],
    [{ parameters: { maxUids: 2 } }, 'neurons: 3 are more than the 2'],
    [{ parameters: { tempo: 1 } }, 'subnet parameter tempo: is wrong (must be 0, or 2 or more)'],
    [{ parameters: { tempo: -1 } }, 'subnet parameter tempo'],
    [{ parameters: { revealPeriodEpochs: 0 } }, 'subnet parameter revealPeriodEpochs'],
    [{ parameters: { emission: -1n } }, 'subnet parameter emission'],
    [{ blockMs: 0 }, 'subnet blockMs'],
    [{ seed: '' }, 'subnet genesis.seed'],
    [{ netuid: 1.5 }, 'subnet netuid'],
    [{ miners: [{ ...keysOf(10), score: 2 }] }, 'subnet scores.'],
    [{ validator: { ...keysOf(1), stake: -1n } }, 'stake: -1 is no amount of rao'],
    [{ peers: [{ ...keysOf(2), error: 3 }] }, 'subnet peers.0.error'],
    [
      { parameters: { liquidAlpha: { low: 2, high: 1, steepness: 1 } } },
      'subnet parameter liquidAlpha: is wrong (low must not be above high)',
    ],
  ])('a subnet of %o is refused: %s', (change, message) => {
    expect(() => createLocalSubnet({ ...subnet, ...change })).toThrow(
      expect.objectContaining({ name: 'InputError', message: expect.stringContaining(message) }),
    )
  })

  it.each([
    [{ vector: { uids: [65_536], values: [1] } }, 'vector.uids: 65536'],
    [{ vector: { uids: [1], values: [Number.NaN] } }, 'vector.values: "NaN"'],
    [{ vector: { uids: [1], values: [0.5] } }, 'vector.values: 0.5'],
    [{ vector: { uids: [-1], values: [1] } }, 'vector.uids: -1'],
    [{ versionKey: -1n }, 'versionKey: -1'],
    [{ versionKey: 2n ** 64n }, 'versionKey: 18446744073709551616'],
    [{ netuid: 65_536 }, 'netuid: 65536'],
    [{ netuid: Number.NaN }, 'netuid: "NaN"'],
    [{ mechanism: 'hash_commit' as const, nonce: '' }, 'nonce: ""'],
  ])('weights of %o never reach the chain: %s', async (change, message) => {
    await using opened = await openSubnet(localSubnet({ commitRevealEnabled: true }))
    const weights = {
      netuid,
      vector: { uids: [4], values: [1] },
      versionKey: 0n,
      mechanism: 'timelocked_commit' as const,
      nonce: 'once',
    }
    await expect(opened.chain.submitWeights({ ...weights, ...change })).rejects.toMatchObject({
      name: 'InputError',
      message: expect.stringContaining(message),
    })
    expect(await opened.chain.head()).toMatchObject({ blockNumber: 0 })
  })

  it('a signer that is no address, and scores that are none', async () => {
    await using opened = await openSubnet(localSubnet())
    const { chain, signedBy } = opened
    expect(() => signedBy('me')).toThrow('signer hotkey: "me" is no SS58 address')
    for (const score of [-0.1, 1.1, Number.NaN]) {
      await expect(chain.learnScores(new Map([[validator, score]]))).rejects.toMatchObject({
        name: 'InputError',
        message: expect.stringContaining('is no score'),
      })
    }
  })
})

describe('the other validators', () => {
  it('weigh by what they learn, from their next turn on', async () => {
    await using opened = await openSubnet(localSubnet())
    const { chain, advance } = opened
    await chain.head()
    await advance(20)
    const best = async (): Promise<number> => {
      const { neurons } = await chain.metagraph({ netuid })
      return neurons.reduce((leader, { incentive, uid }) => {
        return incentive > (neurons[leader]?.incentive ?? 0) ? uid : leader
      }, 0)
    }
    expect(await best()).toBe(4)
    await chain.learnScores(new Map([0, 1, 2, 3, 4].map((index) => [minerOf(index), index === 3 ? 1 : 0.1])))
    expect(await best()).toBe(4)
    await advance(20)
    expect(await best()).toBe(7)
  })
})
