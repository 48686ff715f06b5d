import { createHash } from 'node:crypto'

import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest'

import { openSubtensorChain } from '../../apps/validator/src/adapters/subtensor/open-subtensor-chain.ts'
import type { Chain, SubmissionOutcome, SubmitWeightsParams } from '../../apps/validator/src/ports/chain.ts'
import { timeLock } from '../../apps/validator/src/timelock/time-lock.ts'
import { timelockedPayload } from '../../apps/validator/src/timelock/weights-payload.ts'
import { createHotkeySigner } from '../../apps/validator/src/wallet/hotkey-signer.ts'
import { DevChain } from './dev-chain.ts'
import { predictIncentive } from './predict-incentive.ts'
import { flag, list, u16, u64 } from './scale.ts'

const spec = process.env['SUBTENSOR_RAW_SPEC'] ?? ''
const coldkey = signerOf('coldkey')
const validators = [signerOf('validator 0'), signerOf('validator 1')] as const
const miners = [signerOf('miner 2'), signerOf('miner 3')] as const
const [validator, second] = validators
const MAX_NETUID = 8
const TAO = 1_000_000_000n
const LIMIT_FREE = 65_535
/** No epoch until one is wanted: it would give permits anew. */
const RARE = 1_000
const OFTEN = 4
/** Published by drand for round 1000 of quicknet. */
const SIGNATURE =
  'b44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125e342b73a8dd2bacbe47e4b6b63ed5e39'

function signerOf(name: string) {
  return createHotkeySigner(Uint8Array.from(createHash('sha256').update(`chain suite ${name}`).digest()))
}

let node: DevChain
let netuid = 0
let nonces = 0
let chains: readonly Chain[] = []
/** Old networks for trying things out give permits at each block, whatever the tempo: nothing of an epoch can be seen. */
let hasEpochs = false
const notHere: string[] = []

function requires(context: TestContext, isThere: boolean, what: string): void {
  if (isThere) return
  notHere.push(`${context.task.name}: ${what}`)
  context.skip(`not on this runtime: ${what}`)
}

/** Sets what the runtime has; its other versions do without. */
async function set(item: string, value: Uint8Array, args: readonly unknown[] = [netuid]): Promise<void> {
  if (node.runtime.hasStorage(item)) await node.set(item, args, value)
}
const permits = async (...given: boolean[]) => await set('ValidatorPermit', list(given.map(flag)))
const commitReveal = async (isOn: boolean) => await set('CommitRevealWeightsEnabled', flag(isOn))
const rateLimit = async (blocks: bigint) => await set('WeightsSetRateLimit', u64(blocks))
/** Under its name, and under that which it had until 2025. */
const stakeThreshold = async (rao: bigint) => {
  for (const item of ['StakeThreshold', 'WeightsMinStake']) await set(item, u64(rao), [])
}
const epochBlock = async () => Number(await node.get('LastMechansimStepBlock', [netuid]))

function chainOf(at: number): Chain {
  const chain = chains[at]
  if (chain === undefined) throw new Error('the chain is not open')
  return chain
}
const held = async (at = 0) => await chainOf(at).heldWeights({ netuid, hotkey: validators[at]?.hotkey ?? '' })

async function submit(
  more: Partial<SubmitWeightsParams> = {},
  chain = chainOf(0),
): Promise<SubmissionOutcome> {
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

/** By its name in a block; newer runtimes look at some of it in the pool already, which keeps the name to itself. */
function refusedAs(...names: string[]) {
  return { kind: 'rejected', error: expect.stringMatching(`^(${names.join('|')}|InvalidTransaction)$`) }
}

beforeAll(async () => {
  node = await DevChain.start(spec)
  await node.newBlock()
  // One provider and 10 million TAO of free balance: nonce, consumers, providers, sufficients, free, the rest.
  const counts = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0)
  const account = Uint8Array.of(...counts, ...u64(10_000_000n * TAO), ...new Uint8Array(32))
  await node.set('Account', [coldkey.hotkey], account, 'System')
  await node.set('TotalIssuance', [], u64(11_000_000n * TAO), 'Balances')
  for (const item of ['NetworkRateLimit', 'TxRateLimit', 'NetworkRegistrationStartBlock'])
    await set(item, u64(0n), [])
  await stakeThreshold(0n)
})
afterAll(async () => {
  for (const chain of chains) await chain.close()
  if (node !== undefined) {
    process.stdout.write(`\nruntime of version ${node.runtime.specVersion}\n`)
    for (const what of notHere) process.stdout.write(`NOT ON THIS RUNTIME: ${what}\n`)
  }
  await node?.[Symbol.asyncDispose]()
})

async function networks(): Promise<number[]> {
  const found: number[] = []
  for (let id = 0; id < MAX_NETUID; id++) if ((await node.get('NetworksAdded', [id])) === true) found.push(id)
  return found
}

describe('a real runtime', () => {
  it('registers a subnet and its neurons, and takes stake', async () => {
    const before = await networks()
    expect(await node.send(coldkey, 'register_network', { hotkey: validator.hotkey, mechid: 1 })).toBeNull()
    const added = (await networks()).filter((id) => !before.includes(id))
    expect(added).toHaveLength(1)
    netuid = added[0] ?? 0
    await set('SubtokenEnabled', flag(true))
    await set('FirstEmissionBlockNumber', u64(1n))
    await set('NetworkRegistrationAllowed', flag(true))
    await commitReveal(false)
    await set('Tempo', u16(RARE))
    await set('MinAllowedWeights', u16(1))
    await set('TargetRegistrationsPerInterval', u16(100))
    for (const { hotkey } of [second, ...miners])
      expect(await node.send(coldkey, 'burned_register', { netuid, hotkey })).toBeNull()
    for (const [at, { hotkey }] of validators.entries()) {
      const amount_staked = BigInt(1_000 - 400 * at) * TAO
      expect(await node.send(coldkey, 'add_stake', { hotkey, netuid, amount_staked })).toBeNull()
    }
    chains = await Promise.all(
      validators.map((signer) => openSubtensorChain({ url: node.url, signer, netuid })),
    )
    await permits(false, false, false, false)
    await node.newBlock()
    hasEpochs = String(await node.get('ValidatorPermit', [netuid])) === 'false,false,false,false'
  })

  it('is read as it is', async () => {
    expect(await chainOf(0).hyperparameters({ netuid })).toMatchObject({
      tempo: RARE,
      commitRevealEnabled: false,
      minAllowedWeights: 1,
      maxWeightLimit: LIMIT_FREE,
      stakeThreshold: 0n,
    })
    expect(await held()).toMatchObject({ vector: { uids: [], values: [] }, openCommits: [] })
  })

  it('refuses weights of a validator without a permit', async (context) => {
    requires(context, hasEpochs, 'it gives permits at each block')
    await rateLimit(0n)
    expect(await submit({}, chainOf(1))).toMatchObject({ error: 'NeuronNoValidatorPermit' })
  })

  it('refuses weights by the names of its errors', async () => {
    await rateLimit(0n)
    await permits(true, true, false, false)
    const refusals: [Partial<SubmitWeightsParams>, string][] = [
      [{ vector: { uids: [2, 9], values: [1, 2] } }, 'UidVecContainInvalidOne'],
      [{ vector: { uids: [2, 2], values: [1, 2] } }, 'DuplicateUids'],
      [{ vector: { uids: [2], values: [1, 2] } }, 'WeightVecNotEqualSize'],
      [{ vector: { uids: [0, 1, 2, 3, 3], values: [1, 1, 1, 1, 1] } }, 'UidsLengthExceedUidsInSubNet'],
    ]
    for (const [params, error] of refusals)
      expect(await submit(params)).toMatchObject({ kind: 'rejected', error })
    await set('MinAllowedWeights', u16(3))
    expect(await submit()).toMatchObject({ error: 'WeightVecLengthIsLow' })
    await set('MinAllowedWeights', u16(1))
    await set('WeightsVersionKey', u64(7n))
    expect(await submit({ versionKey: 6n })).toMatchObject({ error: 'IncorrectWeightVersionKey' })
    await set('WeightsVersionKey', u64(0n))
    await set('MaxWeightsLimit', u16(20_000))
    const { maxWeightLimit } = await chainOf(0).hyperparameters({ netuid })
    expect(await submit()).toMatchObject(
      maxWeightLimit === LIMIT_FREE ? { kind: 'included' } : { error: 'MaxWeightExceeded' },
    )
    await set('MaxWeightsLimit', u16(LIMIT_FREE))
  })

  it('refuses who has no stake, no uid, no such subnet, or comes by the wrong way', async () => {
    await stakeThreshold(2n ** 63n)
    expect(await submit({}, chainOf(1))).toMatchObject(
      refusedAs('NotEnoughStakeToSetWeights', 'StakeAmountTooLow'),
    )
    await stakeThreshold(0n)
    await using stranger = await openSubtensorChain({ url: node.url, signer: signerOf('stranger') })
    expect(await submit({}, stranger)).toMatchObject(refusedAs('HotKeyNotRegisteredInSubNet'))
    for (const wrong of [0, MAX_NETUID + 60]) await set('CommitRevealWeightsEnabled', flag(false), [wrong])
    expect(await submit({ netuid: 0 })).toMatchObject(refusedAs('CanNotSetRootNetworkWeights'))
    expect(await submit({ netuid: MAX_NETUID + 60 })).toMatchObject(
      refusedAs('SubNetworkDoesNotExist', 'SubnetNotExists', 'MechanismDoesNotExist'),
    )
    expect(await submit({ mechanism: 'hash_commit' })).toMatchObject(refusedAs('CommitRevealDisabled'))
    await commitReveal(true)
    expect(await submit()).toMatchObject(refusedAs('CommitRevealEnabled'))
    await commitReveal(false)
  })

  it('takes plain weights, holds the vector that was sent, and no other before the rate limit', async () => {
    expect(await submit()).toMatchObject({ kind: 'included', revealRound: null })
    const now = await held()
    expect(now.vector).toEqual({ uids: [2, 3], values: [16_384, 65_535] })
    expect(now.lastUpdate).toBe(now.blockNumber)
    await rateLimit(100n)
    expect(await submit()).toMatchObject(refusedAs('SettingWeightsTooFast', 'RateLimitExceeded'))
    // The block after this one is that of the limit: the chain counts from the last update, not past it.
    await rateLimit(BigInt((await node.session.newest()).blockNumber + 1 - now.lastUpdate))
    expect(await submit()).toMatchObject({ kind: 'included' })
    await rateLimit(0n)
  })

  it('pays at its epoch what our simulation of Yuma says', async (context) => {
    requires(context, hasEpochs, 'its epochs are not those of Yuma')
    await permits(true, true, false, false)
    expect(await submit()).toMatchObject({ kind: 'included' })
    const other = { uids: [2, 3], values: [65_535, 30_000] }
    const sent = await submit({ vector: other }, chainOf(1))
    expect(sent).toMatchObject({ kind: 'included' })
    const before = sent.kind === 'included' ? sent.blockNumber : 0
    await set('Tempo', u16(OFTEN))
    await node.until('an epoch after both weights', async () => (await epochBlock()) > before)
    const incentive = await node.get('Incentive', [netuid])
    expect(incentive).toEqual(await predictIncentive(node, netuid, await epochBlock()))
    expect(String(incentive)).toMatch(/^0,0,[1-9]\d*,[1-9]/)
  })

  it('takes a hash commit, and opens it by the same nonce', async () => {
    await set('Tempo', u16(OFTEN))
    await commitReveal(true)
    const committed = { vector: { uids: [2, 3], values: [40_000, 20_000] }, nonce: 'hash commit' }
    const reveal = async (nonce: string) => {
      const opening = { ...committed, nonce, netuid, versionKey: 0n }
      return await node.whileBlocksAreMade(chainOf(0).revealWeights(opening))
    }
    expect(await reveal('nothing was committed')).toMatchObject(refusedAs('NoWeightsCommitFound'))
    expect(await submit({ ...committed, mechanism: 'hash_commit' })).toMatchObject({ kind: 'included' })
    expect((await held()).openCommits).toHaveLength(1)
    await rateLimit(100n)
    expect(await submit({ mechanism: 'hash_commit' })).toMatchObject(
      refusedAs('CommittingWeightsTooFast', 'RateLimitExceeded'),
    )
    await rateLimit(0n)
    expect(await reveal('another nonce')).toMatchObject(
      refusedAs('InvalidRevealCommitHashNotMatch', 'CommitNotFound', 'NoWeightsCommitFound'),
    )
    let outcome = await reveal(committed.nonce)
    await node.until('a reveal in the epoch after the commit', async () => {
      if (outcome.kind !== 'rejected') return true
      expect(outcome).toMatchObject(refusedAs('RevealTooEarly', 'CommitBlockNotInRevealRange'))
      outcome = await reveal(committed.nonce)
      return outcome.kind !== 'rejected'
    })
    expect(outcome).toMatchObject({ kind: 'included' })
    expect(await held()).toMatchObject({
      vector: { uids: [2, 3], values: [65_535, 32_767] },
      openCommits: [],
    })
  })

  it('takes no eleventh commit', async () => {
    const { blockNumber } = await node.session.newest()
    const epoch = node.runtime.hasStorage('SubnetEpochIndex')
      ? BigInt(String(await node.get('SubnetEpochIndex', [netuid])))
      : null
    const when = epoch === null ? [blockNumber, blockNumber, blockNumber + 99] : [epoch, blockNumber, 0]
    const commit = Buffer.concat([new Uint8Array(32), ...when.map((part) => u64(BigInt(part)))])
    await set('WeightCommits', list(Array.from({ length: 10 }, () => commit)), [netuid, second.hotkey])
    expect((await held(1)).openCommits).toHaveLength(10)
    expect(await submit({ mechanism: 'hash_commit' }, chainOf(1))).toMatchObject({
      error: 'TooManyUnrevealedCommits',
    })
  })

  it('opens a time-locked commit by itself when drand’s round is there', async (context) => {
    const isCurrent = node.runtime.hasCall('commit_timelocked_weights')
    const isThere = isCurrent || node.runtime.hasCall('commit_crv3_weights')
    requires(context, isThere, 'it has no time-locked commits')
    await set('RevealPeriodEpochs', u64(1n))
    const outcome = await submit({ mechanism: 'timelocked_commit', vector: { uids: [2], values: [1] } })
    expect(outcome).toMatchObject({ kind: 'included', revealRound: expect.any(Number) })
    expect((await held()).openCommits).toHaveLength(1)

    // The same for round 1000, whose signature is published: what the pallet would have fetched.
    const signature = Buffer.from(SIGNATURE, 'hex')
    const randomness = createHash('sha256').update(signature).digest()
    // A round, then two lists of bytes, each after its length.
    const pulse = [u64(1_000n), Uint8Array.of(32 << 2), randomness, Uint8Array.of(48 << 2), signature]
    await node.set('Pulses', [1_000n], Uint8Array.from(Buffer.concat(pulse)), 'Drand')
    const payload = {
      hotkey: validator.publicKey,
      vector: { uids: [1, 2], values: [21_845, 65_535] },
      versionKey: 0n,
    }
    const commit = timeLock({
      plaintext: timelockedPayload(payload, isCurrent ? 'owned' : 'legacy'),
      round: 1_000,
      entropy: validator.derive('round 1000'),
    })
    const args = { netuid, commit, reveal_round: 1_000n }
    if (isCurrent) {
      const commit_reveal_version = Number(await node.get('CommitRevealWeightsVersion', []))
      const wrong = { ...args, commit_reveal_version: commit_reveal_version + 1 }
      expect(await node.send(validator, 'commit_timelocked_weights', wrong)).toBe(
        'IncorrectCommitRevealVersion',
      )
      const right = { ...args, commit_reveal_version }
      expect(await node.send(validator, 'commit_timelocked_weights', right)).toBeNull()
    } else {
      expect(await node.send(validator, 'commit_crv3_weights', args)).toBeNull()
    }
    const opened = async () => String(await node.get('Weights', [netuid, 0])) === '1,21845,2,65535'
    await node.until('the weights of the commit', opened)
    expect((await held()).vector).toEqual(payload.vector)
  })

  it('has a metagraph that agrees with its storage', async (context) => {
    const apis = node.runtime.metadata.apis.find(({ name }) => name === 'SubnetInfoRuntimeApi')?.methods ?? []
    const isThere = apis.some(({ name }) => name === 'get_metagraph')
    requires(context, isThere, 'it has no get_metagraph')
    const metagraph = await chainOf(0).metagraph({ netuid })
    expect(metagraph.neurons.map(({ hotkey }) => hotkey)).toEqual(
      [...validators, ...miners].map(({ hotkey }) => hotkey),
    )
    expect(metagraph.neurons.map(({ incentive }) => incentive)).toEqual(await node.get('Incentive', [netuid]))
    expect(metagraph).toMatchObject({
      netuid,
      ownerHotkey: validator.hotkey,
      epochBlock: await epochBlock(),
    })
  })
})
