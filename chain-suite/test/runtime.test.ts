import { createHash } from 'node:crypto'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { openSubtensorChain } from '../../apps/validator/src/adapters/subtensor/open-subtensor-chain.ts'
import type { Chain, SubmissionOutcome, SubmitWeightsParams } from '../../apps/validator/src/ports/chain.ts'
import { timeLock } from '../../apps/validator/src/timelock/time-lock.ts'
import { timelockedPayload } from '../../apps/validator/src/timelock/weights-payload.ts'
import { DEFAULT_EPOCH_PARAMETERS } from '../../apps/validator/src/yuma/epoch-parameters.ts'
import { runEpoch } from '../../apps/validator/src/yuma/run-epoch.ts'
import { EMPTY_ROW } from '../../apps/validator/src/yuma/subnet-state.ts'
import { createHotkeySigner } from '../../apps/validator/src/wallet/hotkey-signer.ts'
import { DevChain } from './dev-chain.ts'

const spec = process.env['SUBTENSOR_RAW_SPEC'] ?? ''
const coldkey = signerOf('coldkey')
const validators = [signerOf('validator 0'), signerOf('validator 1')] as const
const miners = [signerOf('miner 2'), signerOf('miner 3')] as const
const [validator, second] = validators
const MAX_NETUID = 8
const TAO = 1_000_000_000n
/** Published by drand for round 1000 of quicknet. */
const SIGNATURE =
  'b44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125e342b73a8dd2bacbe47e4b6b63ed5e39'

function signerOf(name: string) {
  return createHotkeySigner(Uint8Array.from(createHash('sha256').update(`chain suite ${name}`).digest()))
}
const u16 = (value: number): Uint8Array => Uint8Array.of(value & 0xff, value >> 8)
const u64 = (value: bigint): Uint8Array => {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(value)
  return Uint8Array.from(bytes)
}
const flag = (isOn: boolean): Uint8Array => Uint8Array.of(isOn ? 1 : 0)

let node: DevChain
let netuid = 0
let nonces = 0
let chains: readonly Chain[] = []

async function setIfThere(item: string, args: readonly unknown[], value: Uint8Array): Promise<void> {
  if (node.runtime.hasStorage(item)) await node.set(item, args, value)
}

async function submit(
  more: Partial<SubmitWeightsParams> = {},
  chain = chains[0],
): Promise<SubmissionOutcome> {
  if (chain === undefined) throw new Error('the chain is not open')
  const params: SubmitWeightsParams = {
    netuid,
    vector: { uids: [2, 3], values: [16_384, 65_535] },
    versionKey: 0n,
    mechanism: 'plain',
    nonce: `suite ${nonces++}`,
    ...more,
  }
  return await node.whileBlocksAreMade(chain.submitWeights(params))
}

beforeAll(async () => {
  node = await DevChain.start(spec)
  await node.newBlock()
  // One provider and 10 million TAO of free balance.
  const account = Uint8Array.of(
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    1,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    ...u64(10_000_000n * TAO),
    ...new Uint8Array(32),
  )
  await node.set('Account', [coldkey.hotkey], account, 'System')
  await node.set('TotalIssuance', [], u64(11_000_000n * TAO), 'Balances')
  await setIfThere('NetworkRateLimit', [], u64(0n))
  await setIfThere('TxRateLimit', [], u64(0n))
})
afterAll(async () => {
  for (const chain of chains) await chain.close()
  await node?.[Symbol.asyncDispose]()
})

async function networks(): Promise<number[]> {
  const found: number[] = []
  for (let id = 0; id < MAX_NETUID; id++) if ((await node.get('NetworksAdded', [id])) === true) found.push(id)
  return found
}

describe('a real runtime', () => {
  it('registers a subnet and its neurons', async () => {
    const before = await networks()
    expect(await node.send(coldkey, 'register_network', { hotkey: validator.hotkey, mechid: 1 })).toBeNull()
    const added = (await networks()).filter((id) => !before.includes(id))
    expect(added).toHaveLength(1)
    netuid = added[0] ?? 0
    await setIfThere('SubtokenEnabled', [netuid], flag(true))
    await setIfThere('FirstEmissionBlockNumber', [netuid], u64(1n))
    await setIfThere('NetworkRegistrationAllowed', [netuid], flag(true))
    await setIfThere('CommitRevealWeightsEnabled', [netuid], flag(false))
    // No epoch until one is wanted: it would give permits anew.
    await node.set('Tempo', [netuid], u16(1_000))
    await setIfThere('MinAllowedWeights', [netuid], u16(1))
    await setIfThere('TargetRegistrationsPerInterval', [netuid], u16(100))
    for (const { hotkey } of [second, ...miners]) {
      expect(await node.send(coldkey, 'burned_register', { netuid, hotkey })).toBeNull()
    }
    for (const [at, { hotkey }] of validators.entries()) {
      const amount_staked = 1_000n * TAO
      expect(
        await node.send(coldkey, 'add_stake', { hotkey, netuid, amount_staked }),
        `validator ${at}`,
      ).toBeNull()
    }
    chains = await Promise.all(
      validators.map((signer) => openSubtensorChain({ url: node.url, signer, netuid })),
    )
  })

  it('is read as it is', async () => {
    const [chain] = chains
    expect(await chain?.hyperparameters({ netuid })).toMatchObject({
      tempo: 1_000,
      commitRevealEnabled: false,
    })
    const held = await chain?.heldWeights({ netuid, hotkey: validator.hotkey })
    expect(held).toMatchObject({ vector: { uids: [], values: [] }, openCommits: [] })
  })

  it('refuses weights by the names of its errors', async () => {
    await setIfThere('WeightsSetRateLimit', [netuid], u64(0n))
    await node.set('ValidatorPermit', [netuid], Uint8Array.of(16, 0, 0, 0, 0))
    expect(await submit({}, chains[1])).toMatchObject({
      kind: 'rejected',
      error: expect.stringMatching(/^(NeuronNoValidatorPermit|NotEnoughStakeToSetWeights)$/),
    })
    await setIfThere('StakeThreshold', [], u64(0n))
    await setIfThere('WeightsMinStake', [], u64(0n))
    await node.set('ValidatorPermit', [netuid], Uint8Array.of(16, 1, 1, 0, 0))
    const refusals: [Partial<SubmitWeightsParams>, string][] = [
      [{ vector: { uids: [2, 9], values: [1, 2] } }, 'UidVecContainInvalidOne'],
      [{ vector: { uids: [2, 2], values: [1, 2] } }, 'DuplicateUids'],
      [{ vector: { uids: [2], values: [1, 2] } }, 'WeightVecNotEqualSize'],
      [{ vector: { uids: [0, 1, 2, 3, 3], values: [1, 1, 1, 1, 1] } }, 'UidsLengthExceedUidsInSubNet'],
    ]
    for (const [params, error] of refusals)
      expect(await submit(params)).toMatchObject({ kind: 'rejected', error })
    await node.set('WeightsVersionKey', [netuid], u64(7n))
    expect(await submit()).toMatchObject({ error: 'IncorrectWeightVersionKey' })
    await node.set('WeightsVersionKey', [netuid], u64(0n))
    await node.set('CommitRevealWeightsEnabled', [netuid], flag(true))
    expect(await submit()).toMatchObject({ error: expect.stringMatching(/^CommitReveal(Enabled|.*)$/) })
    await node.set('CommitRevealWeightsEnabled', [netuid], flag(false))
    expect(await submit({ mechanism: 'hash_commit' })).toMatchObject({ error: 'CommitRevealDisabled' })
    await using stranger = await openSubtensorChain({ url: node.url, signer: signerOf('stranger') })
    expect(await submit({}, stranger)).toMatchObject({
      kind: 'rejected',
      error: expect.stringMatching(/NotRegistered|BalanceTooLow|InvalidTransaction/),
    })
  })

  it('takes plain weights, and holds the vector that was sent', async () => {
    expect(await submit()).toMatchObject({ kind: 'included', revealRound: null })
    const held = await chains[0]?.heldWeights({ netuid, hotkey: validator.hotkey })
    expect(held?.vector).toEqual({ uids: [2, 3], values: [16_384, 65_535] })
    expect(held?.lastUpdate).toBe(held?.blockNumber)
    await node.set('WeightsSetRateLimit', [netuid], u64(100n))
    expect(await submit()).toMatchObject({
      kind: 'rejected',
      error: expect.stringMatching(/TooFast|RateLimit/),
    })
    await node.set('WeightsSetRateLimit', [netuid], u64(0n))
  })

  it('takes a hash commit, and opens it by the same nonce', async () => {
    const [chain] = chains
    await node.set('Tempo', [netuid], u16(6))
    await node.set('CommitRevealWeightsEnabled', [netuid], flag(true))
    const committed = { vector: { uids: [2, 3], values: [40_000, 20_000] }, nonce: 'hash commit' }
    expect(await submit({ ...committed, mechanism: 'hash_commit' })).toMatchObject({ kind: 'included' })
    expect((await chain?.heldWeights({ netuid, hotkey: validator.hotkey }))?.openCommits).toHaveLength(1)
    if (chain === undefined) return
    const reveal = () =>
      node.whileBlocksAreMade(chain.revealWeights({ ...committed, netuid, versionKey: 0n }))
    let outcome = await reveal()
    // Each try is in a block of its own; the chain refuses until the epoch after the commit's.
    for (let block = 0; block < 14 && outcome.kind === 'rejected'; block++) {
      expect(outcome.error).toMatch(/TooEarly|RevealRange/)
      outcome = await reveal()
    }
    expect(outcome).toMatchObject({ kind: 'included' })
    const held = await chain.heldWeights({ netuid, hotkey: validator.hotkey })
    expect(held).toMatchObject({ vector: { uids: [2, 3], values: [65_535, 32_767] }, openCommits: [] })
  })

  it('opens a time-locked commit by itself when drand’s round is there', async (context) => {
    if (!['commit_timelocked_weights', 'commit_crv3_weights'].some((name) => node.runtime.hasCall(name))) {
      context.skip('this runtime has no time-locked commits')
    }
    await node.set('CommitRevealWeightsEnabled', [netuid], flag(true))
    await node.set('RevealPeriodEpochs', [netuid], u64(1n))
    const lockedWeights = { uids: [1, 2], values: [21_845, 65_535] }
    const outcome = await submit({ mechanism: 'timelocked_commit', vector: { uids: [2], values: [1] } })
    expect(outcome).toMatchObject({ kind: 'included', revealRound: expect.any(Number) })
    expect((await chains[0]?.heldWeights({ netuid, hotkey: validator.hotkey }))?.openCommits).toHaveLength(1)

    // The same for round 1000, whose signature is published: what the pallet would have fetched.
    const randomness = createHash('sha256').update(Buffer.from(SIGNATURE, 'hex')).digest()
    const pulse = Buffer.concat([
      u64(1_000n),
      Uint8Array.of(128),
      randomness,
      Uint8Array.of(192),
      Buffer.from(SIGNATURE, 'hex'),
    ])
    await node.set('Pulses', [1_000n], Uint8Array.from(pulse), 'Drand')
    const isCurrent = node.runtime.hasCall('commit_timelocked_weights')
    const payload = { hotkey: validator.publicKey, vector: lockedWeights, versionKey: 0n }
    const commit = timeLock({
      plaintext: timelockedPayload(payload, isCurrent ? 'owned' : 'legacy'),
      round: 1_000,
      entropy: validator.derive('round 1000'),
    })
    const call = isCurrent ? 'commit_timelocked_weights' : 'commit_crv3_weights'
    const version = isCurrent ? await node.get('CommitRevealWeightsVersion', []) : null
    const args = { netuid, commit, reveal_round: 1_000n, commit_reveal_version: version }
    expect(await node.send(validator, call, args)).toBeNull()
    for (let block = 0; block < 16; block++) {
      await node.newBlock()
      if (String(await node.get('Weights', [netuid, 0])) === '1,21845,2,65535') break
    }
    expect(await node.get('Weights', [netuid, 0])).toEqual([
      [1, 21_845],
      [2, 65_535],
    ])
  })

  it('pays at its epoch what our simulation of Yuma says', async () => {
    await node.set('CommitRevealWeightsEnabled', [netuid], flag(false))
    await node.set('ValidatorPermit', [netuid], Uint8Array.of(16, 1, 1, 0, 0))
    for (const chain of chains) expect(await submit({}, chain)).toMatchObject({ kind: 'included' })
    const epochOf = async () => Number(await node.get('LastMechansimStepBlock', [netuid]))
    const hasPaid = async () => String(await node.get('Incentive', [netuid])).match(/[1-9]/) !== null
    for (let block = 0; block < 24 && !(await hasPaid()); block++) await node.newBlock()
    const epochBlock = await epochOf()

    const row = { uids: [2, 3], values: [16_384, 65_535] }
    // Both give the same, so that the shares of their stake do not matter.
    const neurons = [true, true, false, false].map((hasPermit) => ({
      stake: hasPermit ? 1_000n * TAO : 0n,
      hasPermit,
      lastUpdate: epochBlock - 1,
      registeredAt: 1,
      commitBlock: null,
    }))
    const state = { neurons, ownerUid: 0, bonds: neurons.map(() => EMPTY_ROW) }
    const predicted = runEpoch(
      state,
      { ...DEFAULT_EPOCH_PARAMETERS, tempo: 6 },
      [row, row, EMPTY_ROW, EMPTY_ROW],
      epochBlock,
    )
    const incentive = await node.get('Incentive', [netuid])
    expect(incentive).toEqual(
      [...predicted.shares.incentive].map((share) => Math.floor((share / 2 ** 32) * 65_535)),
    )
    expect(incentive).toEqual([0, 0, 13_107, 52_427])
  })

  it('has a metagraph that agrees with its storage', async (context) => {
    const apis = node.runtime.metadata.apis.find(({ name }) => name === 'SubnetInfoRuntimeApi')?.methods ?? []
    if (!apis.some(({ name }) => name === 'get_metagraph')) context.skip('this runtime has no get_metagraph')
    const metagraph = await chains[0]?.metagraph({ netuid })
    expect(metagraph?.neurons.map(({ hotkey }) => hotkey)).toEqual(
      [...validators, ...miners].map(({ hotkey }) => hotkey),
    )
    expect(metagraph?.neurons.map(({ incentive }) => incentive)).toEqual(
      await node.get('Incentive', [netuid]),
    )
    expect(metagraph).toMatchObject({ netuid, ownerHotkey: validator.hotkey })
  })
})
