import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { SubmitWeightsParams } from '../src/ports/chain.ts'
import { maxUpscale } from '../src/yuma/max-upscale.ts'
import {
  expectIncluded,
  expectRefused,
  passEpoch,
  uidsOf,
  weightsFor,
  type ChainContractOptions,
  type ChainUnderTest,
  type ContractSubnet,
} from './fixtures/chain-under-test.ts'

const plainSubnet: ContractSubnet = {
  commitRevealEnabled: false,
  weightsRateLimit: 3,
  minAllowedWeights: 2,
  maxWeightLimit: 65_535,
  weightsVersionKey: 7n,
}
const committing = { ...plainSubnet, commitRevealEnabled: true }

/** What every chain must do, whoever plays it. */
export function chainContract(options: ChainContractOptions): void {
  describe(`${options.name}: reads`, () => {
    readingContract(options)
  })
  describe(`${options.name}: plain weights`, () => {
    plainContract(options)
  })
  describe(`${options.name}: commit and reveal`, () => {
    commitContract(options)
  })
  describe(`${options.name}: epochs`, () => {
    epochContract(options)
  })
}

/** A chain that all tests of a group go on with. */
function shared(options: ChainContractOptions, subnet: ContractSubnet): () => ChainUnderTest {
  let current: ChainUnderTest | undefined
  beforeAll(async () => {
    current = await options.setup(subnet)
  })
  afterAll(async () => {
    await current?.[Symbol.asyncDispose]()
  })
  return () => {
    if (current === undefined) throw new Error('the chain did not start')
    return current
  }
}

function readingContract(options: ChainContractOptions): void {
  const subject = shared(options, plainSubnet)

  it('the head moves with the blocks, and each block has one hash', async () => {
    const { chain, advance } = subject()
    const before = await chain.head()
    expect(await chain.head()).toEqual(before)
    await advance(2)
    const after = await chain.head()
    expect(after.blockNumber).toBe(before.blockNumber + 2)
    expect(after.blockHash).toMatch(/^0x[0-9a-f]{64}$/)
    expect(after.blockHash).not.toBe(before.blockHash)
    expect(after.at.getTime()).toBeGreaterThan(before.at.getTime())
  })

  it('a metagraph is of one block, with each uid and hotkey once, in order', async () => {
    const { chain, netuid, validator, miners } = subject()
    const head = await chain.head()
    const graph = await chain.metagraph({ netuid })
    expect(graph).toMatchObject({ netuid, blockNumber: head.blockNumber, blockHash: head.blockHash })
    expect(graph.neurons.map(({ uid }) => uid)).toEqual(graph.neurons.map((_neuron, index) => index))
    expect(new Set(graph.neurons.map(({ hotkey }) => hotkey)).size).toBe(graph.neurons.length)
    expect(graph.neurons.map(({ hotkey }) => hotkey)).toEqual(expect.arrayContaining([...miners]))
    expect(graph.neurons.find(({ hotkey }) => hotkey === validator)).toMatchObject({ hasPermit: true })
    expect(graph.nextEpochBlock).toBeGreaterThan(graph.blockNumber)
    expect(graph.epochBlock).toBeLessThanOrEqual(graph.blockNumber)
  })

  it('hyperparameters are those of the subnet', async () => {
    const { chain, netuid } = subject()
    expect(await chain.hyperparameters({ netuid })).toMatchObject({ netuid, tempo: 20, ...plainSubnet })
  })

  it('a subnet that is not there, and a hotkey that is no neuron, are errors, never empty answers', async () => {
    const { chain, netuid, strangers } = subject()
    const absent = { netuid: 4_000 }
    const noSubnet = { name: 'ChainError', code: 'no_subnet', isRetryable: false }
    await expect(chain.metagraph(absent)).rejects.toMatchObject(noSubnet)
    await expect(chain.hyperparameters(absent)).rejects.toMatchObject(noSubnet)
    await expect(chain.heldWeights({ ...absent, hotkey: strangers[0] })).rejects.toMatchObject(noSubnet)
    await expect(chain.heldWeights({ netuid, hotkey: strangers[0] })).rejects.toMatchObject({
      name: 'ChainError',
      code: 'not_registered',
    })
  })

  it('an aborted call ends with the reason of its signal', async () => {
    const { chain, netuid } = subject()
    const signal = AbortSignal.abort(new Error('enough'))
    await expect(chain.metagraph({ netuid }, { signal })).rejects.toThrow('enough')
    await expect(chain.submitWeights(await weightsFor(subject()), { signal })).rejects.toThrow('enough')
  })
}

function plainContract(options: ChainContractOptions): void {
  const subject = shared(options, plainSubnet)

  it('are held as the chain scales them, dated by their block, and cannot follow each other too fast', async () => {
    const { chain, netuid, validator, advance } = subject()
    const weights = await weightsFor(subject())
    const block = expectIncluded(await chain.submitWeights(weights))
    const held = await chain.heldWeights({ netuid, hotkey: validator })
    expect(held).toMatchObject({ lastUpdate: block, openCommits: [] })
    expect(held.vector).toEqual({ uids: weights.vector.uids, values: maxUpscale(weights.vector.values) })
    expect(held.vector.values).toEqual([65_535, 32_767, 2])
    expectRefused(await chain.submitWeights(weights), 'SettingWeightsTooFast')
    expect((await chain.heldWeights({ netuid, hotkey: validator })).lastUpdate).toBe(block)
    await advance(plainSubnet.weightsRateLimit)
    expectIncluded(await chain.submitWeights(weights))
  })

  const six = [0, 1, 2, 3, 4, 5]
  const refusals: readonly [string, Partial<SubmitWeightsParams>][] = [
    ['CanNotSetRootNetworkWeights', { netuid: 0 }],
    ['WeightVecNotEqualSize', { vector: { uids: six, values: [1, 2] } }],
    ['MechanismDoesNotExist', { netuid: 4_000 }],
    ['UidsLengthExceedUidsInSubNet', { vector: { uids: Array(300).fill(1), values: Array(300).fill(1) } }],
    ['IncorrectWeightVersionKey', { versionKey: 6n }],
    ['DuplicateUids', { vector: { uids: [1, 2, 1], values: [1, 1, 1] } }],
    ['UidVecContainInvalidOne', { vector: { uids: [1, 300], values: [1, 1] } }],
    ['WeightVecLengthIsLow', { vector: { uids: [4], values: [1] } }],
    ['CommitRevealDisabled', { mechanism: 'hash_commit' }],
    ['CommitRevealDisabled', { mechanism: 'timelocked_commit' }],
  ]
  it.each(refusals)('%s: %o', async (error, change) => {
    const { chain, netuid, validator, advance } = subject()
    await advance(plainSubnet.weightsRateLimit + 1)
    const before = await chain.heldWeights({ netuid, hotkey: validator })
    expectRefused(await chain.submitWeights(await weightsFor(subject(), change)), error)
    const after = await chain.heldWeights({ netuid, hotkey: validator })
    expect({ ...after, blockNumber: 0 }).toEqual({ ...before, blockNumber: 0 })
  })

  it('are checked in the chain’s order: of many faults the first is named, until none is left', async () => {
    const { chain, netuid, advance } = subject()
    await advance(plainSubnet.weightsRateLimit + 1)
    const long = { uids: Array(300).fill(300), values: Array(299).fill(1) }
    const equal = { uids: long.uids, values: Array(300).fill(1) }
    const course: [string, Partial<SubmitWeightsParams>][] = [
      ['CanNotSetRootNetworkWeights', { netuid: 0, vector: long, versionKey: 0n }],
      ['WeightVecNotEqualSize', { netuid: 4_000, vector: long, versionKey: 0n }],
      ['MechanismDoesNotExist', { netuid: 4_000, vector: equal, versionKey: 0n }],
      ['UidsLengthExceedUidsInSubNet', { netuid, vector: equal, versionKey: 0n }],
      ['IncorrectWeightVersionKey', { vector: { uids: [300, 300], values: [1, 1] }, versionKey: 0n }],
      ['DuplicateUids', { vector: { uids: [300, 300], values: [1, 1] } }],
      ['UidVecContainInvalidOne', { vector: { uids: [300], values: [1] } }],
      ['WeightVecLengthIsLow', { vector: { uids: [5], values: [1] } }],
    ]
    for (const [error, change] of course) {
      expectRefused(await chain.submitWeights(await weightsFor(subject(), change)), error)
    }
    expectIncluded(await chain.submitWeights(await weightsFor(subject())))
    expectRefused(
      await chain.submitWeights(await weightsFor(subject(), { vector: { uids: [1, 1], values: [1, 1] } })),
      'SettingWeightsTooFast',
    )
  })

  it('are taken only of neurons with stake and a permit', async () => {
    const { miners, strangers, signedBy, register, advance } = subject()
    const weights = await weightsFor(subject())
    const [stranger, second] = strangers
    expectRefused(await signedBy(stranger).submitWeights(weights), 'HotKeyNotRegisteredInSubNet')
    const [miner = ''] = miners
    expectRefused(await signedBy(miner).submitWeights(weights), 'NotEnoughStakeToSetWeights')
    await register(second)
    expectRefused(await signedBy(second).submitWeights(weights), 'SettingWeightsTooFast')
    await passEpoch(subject())
    await advance(plainSubnet.weightsRateLimit)
    expectIncluded(await signedBy(second).submitWeights(weights))
  })

  it('need a permit, but for a weight on oneself', async () => {
    await using fresh = await options.setup(plainSubnet)
    const { chain, netuid, strangers, signedBy, register, advance } = fresh
    await register(strangers[0])
    await advance(plainSubnet.weightsRateLimit)
    const graph = await chain.metagraph({ netuid })
    const [uid = 0] = await uidsOf(fresh, [strangers[0]])
    expect(graph.neurons[uid]).toMatchObject({ hasPermit: false, isActive: true })
    const stranger = signedBy(strangers[0])
    expectRefused(await stranger.submitWeights(await weightsFor(fresh)), 'NeuronNoValidatorPermit')
    const self = { vector: { uids: [uid], values: [9] } }
    expectIncluded(await stranger.submitWeights(await weightsFor(fresh, self)))
  })

  it('may not be too large a share where the subnet limits them', async () => {
    await using limited = await options.setup({ ...plainSubnet, maxWeightLimit: 40_000 })
    const { chain, advance } = limited
    await advance(plainSubnet.weightsRateLimit)
    expectRefused(await chain.submitWeights(await weightsFor(limited)), 'MaxWeightExceeded')
    const { vector } = await weightsFor(limited)
    const even = { vector: { uids: vector.uids, values: [2, 2, 2] } }
    expectIncluded(await chain.submitWeights(await weightsFor(limited, even)))
  })
}

function commitContract(options: ChainContractOptions): void {
  it('plain weights are refused while commits are on', async () => {
    await using subject = await options.setup(committing)
    const outcome = await subject.chain.submitWeights(await weightsFor(subject))
    expectRefused(outcome, 'CommitRevealEnabled')
  })

  it('a hash commit: dated at once, its weights held from the reveal on, in exactly its epoch', async () => {
    await using subject = await options.setup(committing)
    const { chain, netuid, validator, advance } = subject
    await advance(committing.weightsRateLimit)
    const weights = await weightsFor(subject, { mechanism: 'hash_commit' })
    expectRefused(await chain.revealWeights(weights), 'NoWeightsCommitFound')
    const block = expectIncluded(await chain.submitWeights(weights))
    expect(await chain.heldWeights({ netuid, hotkey: validator })).toMatchObject({
      lastUpdate: block,
      vector: { uids: [], values: [] },
      openCommits: [block],
    })
    expectRefused(await chain.submitWeights(weights), 'CommittingWeightsTooFast')
    expectRefused(await chain.revealWeights(weights), 'RevealTooEarly')
    await passEpoch(subject)
    expectRefused(
      await chain.revealWeights({ ...weights, nonce: 'another' }),
      'InvalidRevealCommitHashNotMatch',
    )
    const other = { uids: weights.vector.uids, values: [1, 2, 3] }
    expectRefused(await chain.revealWeights({ ...weights, vector: other }), 'InvalidRevealCommitHashNotMatch')
    expectIncluded(await chain.revealWeights(weights))
    const held = await chain.heldWeights({ netuid, hotkey: validator })
    expect(held).toMatchObject({ lastUpdate: block, openCommits: [] })
    expect(held.vector).toEqual({ uids: weights.vector.uids, values: maxUpscale(weights.vector.values) })
    expectRefused(await chain.revealWeights(weights), 'NoWeightsCommitFound')
  })

  it('a hash commit that is not revealed in its epoch is lost', async () => {
    await using subject = await options.setup(committing)
    const { chain, netuid, validator, advance } = subject
    await advance(committing.weightsRateLimit)
    const weights = await weightsFor(subject, { mechanism: 'hash_commit' })
    expectIncluded(await chain.submitWeights(weights))
    await passEpoch(subject)
    await passEpoch(subject)
    expectRefused(await chain.revealWeights(weights), 'ExpiredWeightCommit')
    expect(await chain.heldWeights({ netuid, hotkey: validator })).toMatchObject({
      vector: { uids: [], values: [] },
      openCommits: [],
    })
  })

  it('a time-locked commit opens by itself, when its epoch begins', async () => {
    await using subject = await options.setup(committing)
    const { chain, netuid, validator, advance } = subject
    await advance(committing.weightsRateLimit)
    const weights = await weightsFor(subject, { mechanism: 'timelocked_commit' })
    const block = expectIncluded(await chain.submitWeights(weights))
    const sealed = { lastUpdate: block, vector: { uids: [], values: [] }, openCommits: [block] }
    const { blockNumber, nextEpochBlock } = await chain.metagraph({ netuid })
    await advance((nextEpochBlock ?? Number.NaN) - blockNumber - 1)
    expect(await chain.heldWeights({ netuid, hotkey: validator })).toMatchObject(sealed)
    await advance(1)
    const opened = await chain.heldWeights({ netuid, hotkey: validator })
    expect(opened).toMatchObject({ lastUpdate: block, openCommits: [] })
    expect(opened.vector).toEqual({ uids: weights.vector.uids, values: maxUpscale(weights.vector.values) })
  })

  it('a time-locked commit of what the chain would refuse opens to nothing', async () => {
    await using subject = await options.setup(committing)
    const { chain, netuid, validator, advance } = subject
    await advance(committing.weightsRateLimit)
    const wrong = { mechanism: 'timelocked_commit', versionKey: 6n } as const
    expectIncluded(await chain.submitWeights(await weightsFor(subject, wrong)))
    await passEpoch(subject)
    expect(await chain.heldWeights({ netuid, hotkey: validator })).toMatchObject({
      vector: { uids: [], values: [] },
      openCommits: [],
    })
  })

  it.each(['hash_commit', 'timelocked_commit'] as const)(
    '%s: ten may wait, an eleventh not',
    async (mechanism) => {
      await using subject = await options.setup({ ...committing, weightsRateLimit: 0 })
      const { chain } = subject
      for (let commit = 0; commit < 10; commit += 1) {
        const weights = await weightsFor(subject, { mechanism, nonce: `commit-${commit}` })
        expectIncluded(await chain.submitWeights(weights))
      }
      const weights = await weightsFor(subject, { mechanism, nonce: 'commit-10' })
      expectRefused(await chain.submitWeights(weights), 'TooManyUnrevealedCommits')
    },
  )
}

function epochContract(options: ChainContractOptions): void {
  it('pays what our simulator predicts, at the block that was named', async () => {
    await using subject = await options.setup(plainSubnet)
    const { chain, netuid, advance, predictIncentive } = subject
    await advance(plainSubnet.weightsRateLimit)
    for (let epoch = 0; epoch < 3; epoch += 1) {
      expectIncluded(await chain.submitWeights(await weightsFor(subject)))
      const before = await chain.metagraph({ netuid })
      const predicted = await predictIncentive()
      await passEpoch(subject)
      const after = await chain.metagraph({ netuid })
      expect(after.epochBlock).toBe(before.nextEpochBlock)
      expect(after.nextEpochBlock).toBe(after.epochBlock + 20)
      expect(after.neurons.map(({ incentive }) => incentive)).toEqual(predicted)
    }
    const paid = await chain.metagraph({ netuid })
    const incentives = paid.neurons.map(({ incentive }) => incentive)
    expect(Math.abs(incentives.reduce((sum, incentive) => sum + incentive, 0) - 65_535)).toBeLessThan(
      paid.neurons.length,
    )
  })

  it('a newcomer on the uid of another has nothing of it', async () => {
    await using subject = await options.setup(plainSubnet)
    const { chain, netuid, validator, miners, strangers, advance, replace } = subject
    await advance(plainSubnet.weightsRateLimit)
    expectIncluded(await chain.submitWeights(await weightsFor(subject)))
    await passEpoch(subject)
    const [best = ''] = miners
    const [uid = 0] = await uidsOf(subject, [best])
    expect((await chain.metagraph({ netuid })).neurons[uid]?.incentive).toBeGreaterThan(10_000)

    await replace(best, strangers[0])
    const { neurons } = await chain.metagraph({ netuid })
    expect(neurons[uid]).toMatchObject({ hotkey: strangers[0], incentive: 0, consensus: 0, emission: 0n })
    expect(neurons[uid]?.registeredAt).toBe(neurons[uid]?.lastUpdate)
    expect(neurons.some(({ hotkey }) => hotkey === best)).toBe(false)
    const held = await chain.heldWeights({ netuid, hotkey: validator })
    expect(held.vector.values[held.vector.uids.indexOf(uid)]).toBe(0)
    await passEpoch(subject)
    expect((await chain.metagraph({ netuid })).neurons[uid]).toMatchObject({
      hotkey: strangers[0],
      incentive: 0,
    })
  })
}
