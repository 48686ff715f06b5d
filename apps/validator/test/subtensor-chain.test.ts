import { isInputError } from '@subnetkit/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { openSubtensorChain } from '../src/adapters/subtensor/open-subtensor-chain.ts'
import type { Chain, ChainErrorCode } from '../src/ports/chain.ts'
import { ScriptedNode } from './scripted-node/scripted-node.ts'

const ALICE = '5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY'
const BOB = '5FHneW46xGXgs5mUiveU4sbTyGBzmstUspZC92UhjJM694ty'
const NOBODY = '5C4hrfjw9DjXZTzV3MwzrrAr9P1MJhSrvWGWqi1eSuyUpnhM'
const AT = new Date('2026-11-21T09:00:00Z')
const netuid = 7

const metagraph = {
  netuid,
  owner_hotkey: ALICE,
  block: 10_000n,
  last_step: 9_800n,
  hotkeys: [ALICE, BOB],
  coldkeys: [BOB, BOB],
  active: [true, false],
  validator_permit: [true, false],
  last_update: [9_900n, 0n],
  emission: [5n, 2n ** 63n],
  dividends: [65_535, 0],
  incentives: [0, 65_535],
  consensus: [0, 32_768],
  block_at_registration: [1n, 9_999n],
  total_stake: [2n ** 63n + 1n, 0n],
}

/** A busy machine takes its time to connect, too. */
const ANSWER_MS = 1_500

let node: ScriptedNode
let chain: Chain
beforeEach(async () => {
  node = await ScriptedNode.start()
  node.set('Now', [], BigInt(AT.getTime()), 'Timestamp')
  node.set('NetworksAdded', [netuid], true)
  node.set('LastEpochBlock', [netuid], 9_800n)
  node.set('ValidatorTrust', [netuid], [65_535, 0])
  node.setMetagraph(metagraph)
  chain = await openSubtensorChain({ url: node.url, signer: null, netuid, answerTimeout: ANSWER_MS })
})
afterEach(async () => {
  await chain.close()
  await node[Symbol.asyncDispose]()
})

async function expectFailure(
  promise: Promise<unknown>,
  code: ChainErrorCode,
  message: RegExp,
): Promise<void> {
  await expect(promise).rejects.toMatchObject({
    name: 'ChainError',
    code,
    message: expect.stringMatching(message),
  })
}

describe('what is read', () => {
  it('is the newest final block', async () => {
    expect(await chain.head()).toEqual({ blockNumber: 10_000, blockHash: node.blockHash, at: AT })
  })

  it('is a subnet with its rules, the chain’s own where nothing is set', async () => {
    node.set('WeightsVersionKey', [netuid], 2n ** 64n - 1n)
    node.set('CommitRevealWeightsEnabled', [netuid], true)
    expect(await chain.hyperparameters({ netuid })).toEqual({
      netuid,
      tempo: 360,
      weightsRateLimit: 100,
      minAllowedWeights: 1,
      maxWeightLimit: 65_535,
      weightsVersionKey: 2n ** 64n - 1n,
      commitRevealEnabled: true,
      revealPeriodEpochs: 1,
      activityCutoff: 5_000,
      stakeThreshold: 0n,
    })
  })

  it('has no largest weight where the chain passes over what it keeps as one', async () => {
    node.set('MaxWeightsLimit', [netuid], 20_000)
    expect((await chain.hyperparameters({ netuid })).maxWeightLimit).toBe(65_535)
    node.on('state_getRuntimeVersion', ({ answer }) => answer({ specVersion: 334, transactionVersion: 1 }))
    expect((await chain.hyperparameters({ netuid })).maxWeightLimit).toBe(20_000)
  })

  it('says whether the last epoch ran on what a hotkey holds, and no where the state of then is gone', async () => {
    node.set('Uids', [netuid, BOB], 1)
    node.set('Weights', [netuid, 1], [[0, 65_535]])
    node.set('LastUpdate', [netuid], [9_900n, 9_950n])
    const isOfLastEpoch = async () => (await chain.heldWeights({ netuid, hotkey: BOB })).isOfLastEpoch
    expect(await isOfLastEpoch()).toBe(false)
    node.set('LastMechansimStepBlock', [netuid], 9_800n)
    expect(await isOfLastEpoch()).toBe(true)
    node.setAt(9_800, 'Weights', [netuid, 1], [[0, 65_534]])
    expect(await isOfLastEpoch()).toBe(false)
    node.forget(9_800)
    expect(await isOfLastEpoch()).toBe(false)
  })

  it('is a metagraph, all of it at one block', async () => {
    const found = await chain.metagraph({ netuid })
    expect(found).toMatchObject({
      blockNumber: 10_000,
      at: AT,
      epochBlock: 9_800,
      nextEpochBlock: 10_160,
      ownerHotkey: ALICE,
    })
    expect(found.neurons).toEqual([
      {
        uid: 0,
        hotkey: ALICE,
        coldkey: BOB,
        stake: 2n ** 63n + 1n,
        incentive: 0,
        dividends: 65_535,
        consensus: 0,
        validatorTrust: 65_535,
        emission: 5n,
        hasPermit: true,
        isActive: true,
        lastUpdate: 9_900,
        registeredAt: 1,
      },
      expect.objectContaining({
        uid: 1,
        hotkey: BOB,
        incentive: 65_535,
        emission: 2n ** 63n,
        registeredAt: 9_999,
      }),
    ])
    const blocks = node.asked.flatMap(({ method, params }) =>
      method === 'state_queryStorageAt' || method === 'state_call' ? [params.at(-1)] : [],
    )
    expect(new Set(blocks)).toEqual(new Set([node.blockHash]))
  })

  it('has no owner where the chain has nobody, and no next epoch without a tempo', async () => {
    node.setMetagraph({ ...metagraph, owner_hotkey: NOBODY })
    node.set('Tempo', [netuid], 0)
    expect(await chain.metagraph({ netuid })).toMatchObject({ ownerHotkey: null, nextEpochBlock: null })
  })

  it('is what a hotkey holds, with the commits that are still open', async () => {
    node.set('Uids', [netuid, BOB], 1)
    node.set(
      'Weights',
      [netuid, 1],
      [
        [0, 65_535],
        [1, 7],
      ],
    )
    node.set('LastUpdate', [netuid], [9_900n, 9_950n])
    node.set('SubnetEpochIndex', [netuid], 5n)
    const hash = `0x${'11'.repeat(32)}`
    node.set(
      'WeightCommits',
      [netuid, BOB],
      [
        [hash, 3n, 9_100n, 0n],
        [hash, 4n, 9_500n, 0n],
      ],
    )
    node.set(
      'TimelockedWeightCommits',
      [netuid, 5n],
      [
        [ALICE, 9_860n, new Uint8Array(3), 1_000n],
        [BOB, 9_950n, new Uint8Array(3), 1_000n],
      ],
    )
    node.set('TimelockedWeightCommits', [netuid + 1, 5n], [[BOB, 9_951n, new Uint8Array(3), 1_000n]])
    expect(await chain.heldWeights({ netuid, hotkey: BOB })).toEqual({
      blockNumber: 10_000,
      lastUpdate: 9_950,
      vector: { uids: [0, 1], values: [65_535, 7] },
      openCommits: [9_500, 9_950],
      isOfLastEpoch: false,
    })
    await expectFailure(
      chain.heldWeights({ netuid, hotkey: ALICE }),
      'not_registered',
      /has no uid on subnet 7/,
    )
  })
})

describe('a chain that answers otherwise', () => {
  it('has no such subnet', async () => {
    await expectFailure(chain.hyperparameters({ netuid: 8 }), 'no_subnet', /no subnet 8 at block 10000/)
    await expectFailure(chain.metagraph({ netuid: 8 }), 'no_subnet', /no subnet 8/)
  })

  it.each([
    [{ coldkeys: [BOB] }, /2 hotkeys and 1 entries of coldkey/],
    [{ incentives: [1, 2, 3] }, /3 entries of incentive/],
    [{ hotkeys: [ALICE, ALICE] }, /a hotkey at two uids/],
    [{ block: 9_999n }, /at block 10000 is of block 9999/],
    [{ netuid: 8 }, /is of subnet 8/],
    [{ last_step: 2n ** 63n }, /cannot be at last_step/],
  ])('is not believed: %o', async (wrong, message) => {
    node.setMetagraph({ ...metagraph, ...wrong })
    await expectFailure(chain.metagraph({ netuid }), 'bad_answer', message)
  })

  it.each([
    ['chain_getFinalizedHead', null],
    ['chain_getFinalizedHead', '0x12'],
    ['chain_getHeader', { number: 10_000 }],
    ['state_queryStorageAt', []],
    ['state_queryStorageAt', [{ changes: [] }]],
    ['state_getRuntimeVersion', {}],
  ])('is told by what it said: %s %j', async (method, result) => {
    node.on(method, ({ answer }) => answer(result))
    await expectFailure(chain.hyperparameters({ netuid }), 'bad_answer', /./)
  })

  it('leaves out what it named itself: no commit is taken for opened', async () => {
    node.set('Uids', [netuid, BOB], 1)
    node.set('LastUpdate', [netuid], [9_900n, 9_950n])
    node.set('TimelockedWeightCommits', [netuid, 5n], [[BOB, 9_950n, new Uint8Array(3), 1_000n]])
    node.leaveOut('TimelockedWeightCommits', [netuid, 5n])
    await expectFailure(chain.heldWeights({ netuid, hotkey: BOB }), 'bad_answer', /left out/)
  })

  it('sends more hex than any answer has: no stack overflows', async () => {
    const value = `0x${'00'.repeat(10_000_000)}`
    node.on('state_queryStorageAt', ({ params, answer }) => {
      const [keys] = params
      answer([{ changes: Array.isArray(keys) ? keys.map((key: unknown) => [key, value]) : [] }])
    })
    await using patient = await openSubtensorChain({ url: node.url, signer: null })
    expect(patient.description).toBe(node.url)
  })

  it('cuts a value short', async () => {
    node.on('state_queryStorageAt', ({ params, answer }) => {
      const [keys] = params
      answer([{ changes: Array.isArray(keys) ? keys.map((key: unknown) => [key, '0x01']) : [] }])
    })
    await expectFailure(chain.hyperparameters({ netuid }), 'bad_answer', /not written as the metadata says/)
  })

  it('refuses', async () => {
    node.on('state_queryStorageAt', ({ refuse }) => refuse(-32_000, 'Unknown block', 'pruned'))
    await expectFailure(chain.head(), 'bad_answer', /refused with -32000, Unknown block: pruned/)
  })

  it('has replaced the block meanwhile', async () => {
    node.on('chain_getBlockHash', ({ answer }) => answer(`0x${'ee'.repeat(32)}`))
    await expectFailure(chain.metagraph({ netuid }), 'reorganised', /block 10000 was 0x0/)
  })

  it('is late: told in time, its answer passed over, the next one taken', async () => {
    let late = (): void => undefined
    node.on('chain_getFinalizedHead', ({ answer }) => {
      late = () => answer(`0x${'dd'.repeat(32)}`)
    })
    await expectFailure(chain.head(), 'unreachable', /chain_getFinalizedHead was not answered within 1500 ms/)
    node.on('chain_getFinalizedHead', ({ answer }) => {
      late()
      answer(node.blockHash)
    })
    expect((await chain.head()).blockHash).toBe(node.blockHash)
  })

  it('goes silent: the connection is given up, and the next question connects again', async () => {
    const first: unknown[] = []
    node.on('chain_getFinalizedHead', ({ socket, answer }) => {
      if (first.length === 0) first.push(socket)
      if (socket !== first[0]) answer(node.blockHash)
    })
    await expectFailure(chain.head(), 'unreachable', /was not answered/)
    expect((await chain.head()).blockNumber).toBe(10_000)
  })

  it('is slow with one answer: the others go on over the same connection', async () => {
    const sockets = new Set<unknown>()
    let asked = 0
    node.on('chain_getFinalizedHead', ({ socket, answer }) => {
      sockets.add(socket)
      asked += 1
      if (asked > 1) answer(node.blockHash)
    })
    const slow = expectFailure(chain.head(), 'unreachable', /was not answered/)
    expect((await chain.head()).blockNumber).toBe(10_000)
    await slow
    expect((await chain.head()).blockNumber).toBe(10_000)
    expect(sockets.size).toBe(1)
  })

  it('answers twice, first one counts', async () => {
    node.on('chain_getFinalizedHead', ({ answer }) => {
      answer(node.blockHash)
      answer(`0x${'dd'.repeat(32)}`)
    })
    expect((await chain.head()).blockHash).toBe(node.blockHash)
  })

  it.each(['no JSON', '{}', '[]', '{"id":"x","result":1}'])('sends %j', async (frame) => {
    node.on('chain_getFinalizedHead', ({ socket }) => socket.send(frame))
    await expectFailure(chain.head(), 'bad_answer', /no JSON-RPC message/)
    node.on('chain_getFinalizedHead', ({ answer }) => answer(node.blockHash))
    expect((await chain.head()).blockNumber).toBe(10_000)
  })

  it('breaks the connection: what waited fails, the next question connects again', async () => {
    node.on('chain_getHeader', ({ socket }) => socket.terminate())
    await expectFailure(Promise.all([chain.head(), chain.head()]), 'unreachable', /closed the connection/)
    node.on('chain_getHeader', ({ answer }) => answer({ number: '0x2710' }))
    expect((await chain.head()).blockNumber).toBe(10_000)
  })

  it('is left when the caller stops waiting', async () => {
    node.on('chain_getHeader', () => undefined)
    await expect(chain.head({ signal: AbortSignal.timeout(20) })).rejects.toMatchObject({
      name: 'TimeoutError',
    })
    await expect(chain.head({ signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'AbortError' })
  })

  it('answers nothing after it was closed', async () => {
    await chain.close()
    await expectFailure(chain.head(), 'unreachable', /was closed/)
  })
})

describe('opening', () => {
  it('names the calls and storage that a runtime lacks', async () => {
    await using other = await ScriptedNode.start({ calls: ['commit_weights'], storage: ['Tempo', 'Weights'] })
    await expectFailure(
      openSubtensorChain({ url: other.url, signer: null }),
      'bad_answer',
      /lacks of SubtensorModule: call commit_weights, storage Tempo, storage Weights/,
    )
  })

  it('refuses metadata that is none', async () => {
    await using other = await ScriptedNode.start()
    other.on('state_call', ({ answer }) => answer('0x0112345678'))
    await expectFailure(
      openSubtensorChain({ url: other.url, signer: null }),
      'bad_answer',
      /metadata is not written/,
    )
  })

  it('refuses metadata whose types point nowhere', async () => {
    await using other = await ScriptedNode.start({ callType: 9_999 })
    await expectFailure(
      openSubtensorChain({ url: other.url, signer: null }),
      'bad_answer',
      /metadata is not written/,
    )
  })

  it('fails where nobody listens, or nobody answers', async () => {
    const gone = await ScriptedNode.start()
    const { url } = gone
    await gone[Symbol.asyncDispose]()
    await expectFailure(openSubtensorChain({ url, signer: null }), 'unreachable', /cannot be reached/)
    await using silent = await ScriptedNode.start()
    silent.on('chain_getFinalizedHead', () => undefined)
    const opening = openSubtensorChain({ url: silent.url, signer: null, answerTimeout: 50 })
    await expectFailure(opening, 'unreachable', /within 50 ms/)
  })

  it('keeps what is secret in an address out of words', async () => {
    const url = `${node.url.replace('ws://', 'ws://user:password@')}/key?token=secret`
    const opened = await openSubtensorChain({ url, signer: null })
    expect(opened.description).toBe(node.url)
    await opened.close()
    for (const wrong of ['http://node/secret', 'secret', '']) {
      const error: unknown = await openSubtensorChain({ url: wrong, signer: null }).catch(
        (reason: unknown) => reason,
      )
      expect(isInputError(error)).toBe(true)
      expect(String(error)).not.toContain('secret')
    }
  })
})
