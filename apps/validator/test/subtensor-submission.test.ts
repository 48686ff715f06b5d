import { blake2b } from '@noble/hashes/blake2.js'
import { verify } from '@scure/sr25519'
import { compact, u16, Vector } from '@polkadot-api/substrate-bindings'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { openSubtensorChain, type SubtensorOptions } from '../src/adapters/subtensor/open-subtensor-chain.ts'
import type { Chain, SubmitWeightsParams } from '../src/ports/chain.ts'
import { timeOfRound } from '../src/timelock/quicknet.ts'
import { openTimeLock } from '../src/timelock/time-lock.ts'
import { createHotkeySigner } from '../src/wallet/hotkey-signer.ts'
import { ScriptedNode } from './scripted-node/scripted-node.ts'

const SEED = 'e5be9a5092b81bca64be81d212e7f2f9eba183bb7a90954f7b76361f6edb5c0a'
const signer = createHotkeySigner(Uint8Array.from(Buffer.from(SEED, 'hex')))
// Round 1000 of quicknet, as drand publishes it.
const SIGNATURE =
  'b44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125e342b73a8dd2bacbe47e4b6b63ed5e39'
const params: SubmitWeightsParams = {
  netuid: 7,
  vector: { uids: [2, 3], values: [16_384, 65_535] },
  versionKey: 9n,
  mechanism: 'plain',
  nonce: 'cycle-1',
}
// `ExtrinsicSuccess`; `ExtrinsicFailed` with a dispatch error: BadOrigin, or a pallet's number and its error in 4 bytes.
const success = '00'
const badOrigin = '0102'
const tooFast = '01030700000000'

let node: ScriptedNode
let chain: Chain
beforeEach(async () => {
  node = await ScriptedNode.start()
  node.set('Now', [], BigInt(Date.parse('2026-11-21T09:00:00Z')), 'Timestamp')
  node.set('NetworksAdded', [7], true)
  chain = await opened({})
})
afterEach(async () => {
  await chain.close()
  await node[Symbol.asyncDispose]()
})

function opened(more: Partial<SubtensorOptions>): Promise<Chain> {
  return openSubtensorChain({ url: node.url, signer, answerTimeout: 500, finalityTimeout: 2_000, ...more })
}

/** The parts of the last signed extrinsic, read by hand. */
function lastExtrinsic() {
  const all = Buffer.from((node.submitted.at(-1) ?? '').slice(2), 'hex')
  const length = compact.dec(Uint8Array.from(all))
  const body = all.subarray(all.length - Number(length))
  return {
    bytes: Uint8Array.from(all),
    version: body[0],
    account: body.subarray(2, 34),
    signature: body.subarray(35, 99),
    // Mortality (2), nonce (1 below 64), tip, no metadata hash.
    extra: body.subarray(99, 104),
    call: body.subarray(104),
  }
}

describe('a submission', () => {
  it('is signed over call, account count, runtime, genesis and a final block, and included when a final block has it', async () => {
    node.settle(success)
    const outcome = await chain.submitWeights(params)
    const { bytes, version, account, signature, extra, call } = lastExtrinsic()
    expect(outcome).toEqual({
      kind: 'included',
      blockNumber: 10_000,
      blockHash: node.blockHash,
      extrinsicHash: `0x${Buffer.from(blake2b(bytes, { dkLen: 32 })).toString('hex')}`,
      revealRound: null,
    })
    expect(version).toBe(0x84)
    expect(Buffer.from(signer.publicKey).equals(account)).toBe(true)
    // 64 blocks from block 10000, which is 16 blocks into its period; the seventh extrinsic; nothing else.
    expect(extra.toString('hex')).toBe('05011c0000')
    expect(call.toString('hex')).toBe('070007000802000300080040ffff0900000000000000')
    const signed = Buffer.concat([
      call,
      extra,
      Buffer.from('a901000001000000', 'hex'),
      Buffer.alloc(32),
      Buffer.from(node.blockHash.slice(2), 'hex'),
      Buffer.alloc(1),
    ])
    expect(verify(Uint8Array.from(signed), Uint8Array.from(signature), signer.publicKey)).toBe(true)
  })

  it.each([
    [tooFast, 'SettingWeightsTooFast', 'SubtensorModule.SettingWeightsTooFast in block 10000'],
    [badOrigin, 'BadOrigin', 'BadOrigin in block 10000'],
  ])('that the chain refuses is rejected by its own name: %s', async (fate, name, message) => {
    node.settle(fate)
    expect(await chain.submitWeights(params)).toEqual({
      kind: 'rejected',
      error: name,
      message,
      blockNumber: 10_000,
    })
  })

  it.each([
    [1_010, 'Custom error: 6', 'RateLimitExceeded'],
    [1_010, 'Custom error: 99', 'Custom99'],
    [1_010, 'Transaction is outdated', 'InvalidTransaction'],
    [1_014, undefined, 'PriorityIsTooLow'],
  ])('that the pool refuses with %s %s is rejected as %3$s', async (code, data, error) => {
    node.on('author_submitAndWatchExtrinsic', ({ refuse }) => refuse(code, 'Invalid Transaction', data))
    expect(await chain.submitWeights(params)).toMatchObject({ kind: 'rejected', error, blockNumber: null })
  })

  it.each([
    [1_013, 'Already imported'],
    [-32_603, 'Internal error'],
  ])('whose fate a refusal with %s leaves open is unknown', async (code, message) => {
    node.on('author_submitAndWatchExtrinsic', ({ refuse }) => refuse(code, message))
    expect(await chain.submitWeights(params)).toMatchObject({
      kind: 'unknown',
      message: expect.stringContaining(message),
    })
  })

  it('to a node that takes none is a bad answer', async () => {
    await expect(chain.submitWeights(params)).rejects.toMatchObject({ code: 'bad_answer' })
  })

  it.each([
    ['dropped', 'does not follow the extrinsic any more: dropped'],
    [{ usurped: '0x00' }, 'usurped'],
    [{ finalityTimeout: '0x00' }, 'finalityTimeout'],
    [{ finalized: null }, 'named no block'],
  ])('that the node loses sight of is unknown: %j', async (status, message) => {
    node.on('author_submitAndWatchExtrinsic', ({ answer, tell }) => {
      answer('watch')
      tell('watch', status)
    })
    expect(await chain.submitWeights(params)).toMatchObject({
      kind: 'unknown',
      message: expect.stringContaining(message),
    })
  })

  it('that nobody else has and that is invalid is rejected; once it was passed on, it is unknown', async () => {
    let before: unknown[] = []
    node.on('author_submitAndWatchExtrinsic', ({ answer, tell }) => {
      answer('watch')
      for (const status of [...before, 'invalid']) tell('watch', status)
    })
    expect(await chain.submitWeights(params)).toMatchObject({ kind: 'rejected', error: 'InvalidTransaction' })
    for (const passedOn of [
      [{ inBlock: node.blockHash }, { retracted: node.blockHash }],
      [{ broadcast: ['peer'] }],
    ]) {
      before = passedOn
      expect(await chain.submitWeights(params)).toMatchObject({ kind: 'unknown' })
    }
  })

  it('whose connection breaks after it was sent is unknown, is not sent again, and the chain goes on', async () => {
    node.settle(success)
    let sent = 0
    node.on('author_submitAndWatchExtrinsic', ({ socket }) => {
      sent++
      socket.terminate()
    })
    expect(await chain.submitWeights(params)).toMatchObject({
      kind: 'unknown',
      message: expect.stringMatching(/closed the connection; extrinsic 0x[0-9a-f]{64}$/),
    })
    node.on('author_submitAndWatchExtrinsic', ({ answer, tell, socket }) => {
      sent++
      answer('watch')
      tell('watch', 'ready')
      setTimeout(() => socket.terminate(), 20)
    })
    expect(await chain.submitWeights(params)).toMatchObject({ kind: 'unknown' })
    expect(sent).toBe(2)
    expect((await chain.head()).blockNumber).toBe(10_000)
  })

  it('that cannot be prepared fails before anything is sent', async () => {
    node.settle(success)
    node.on('system_accountNextIndex', ({ socket }) => socket.terminate())
    await expect(chain.submitWeights(params)).rejects.toMatchObject({ code: 'unreachable' })
    expect(node.submitted).toEqual([])
  })

  it('is unknown when it is not final in time, or nobody waits any longer', async () => {
    node.on('author_submitAndWatchExtrinsic', ({ answer, tell }) => {
      answer('watch')
      tell('watch', { inBlock: node.blockHash })
    })
    const signal = AbortSignal.timeout(60)
    expect(await chain.submitWeights(params, { signal })).toMatchObject({
      kind: 'unknown',
      message: expect.stringContaining('nobody waited'),
    })
    await using hasty = await opened({ finalityTimeout: 60 })
    expect(await hasty.submitWeights(params)).toMatchObject({
      kind: 'unknown',
      message: expect.stringContaining('not final within 60 ms'),
    })
  })

  it('is unknown when the block that was named does not have it, or tells nothing of it', async () => {
    node.settle(success)
    node.on('chain_getBlock', ({ answer }) => answer({ block: { extrinsics: ['0x00'] } }))
    expect(await chain.submitWeights(params)).toMatchObject({
      kind: 'unknown',
      message: expect.stringContaining('does not have the extrinsic'),
    })
    node.on('chain_getBlock', ({ answer }) =>
      answer({ block: { extrinsics: [node.submitted.at(-1), '0x00'] } }),
    )
    expect(await chain.submitWeights(params)).toMatchObject({
      kind: 'unknown',
      message: expect.stringContaining('neither success nor failure'),
    })
  })

  it('lives from the block that it was decided at, so that its end is known', async () => {
    node.settle(success)
    await chain.submitWeights({ ...params, fromBlock: 9_990 })
    const { signature, extra, call } = lastExtrinsic()
    // 9990 is 6 blocks into its period of 64.
    expect(extra.subarray(0, 2).toString('hex')).toBe('6500')
    const signed = Buffer.concat([
      call,
      extra,
      Buffer.from('a901000001000000', 'hex'),
      Buffer.alloc(32),
      Buffer.from((9_990).toString(16).padStart(64, '0'), 'hex'),
      Buffer.alloc(1),
    ])
    expect(verify(Uint8Array.from(signed), Uint8Array.from(signature), signer.publicKey)).toBe(true)
    expect(chain.landsWithin).toBe(64)
    await chain.submitWeights({ ...params, fromBlock: 10_001 })
    expect(lastExtrinsic().extra.subarray(0, 2).toString('hex')).toBe('0501')
  })

  it.each([
    { vector: { uids: [65_536], values: [1] } },
    { vector: { uids: [1], values: [70_000] } },
    { vector: { uids: [1.5], values: [1] } },
    { vector: { uids: [1], values: [Number.NaN] } },
    { versionKey: 2n ** 64n },
    { versionKey: -1n },
    { netuid: 65_536 },
  ])('of what no transaction can carry is refused, not cut to fit: %o', async (wrong) => {
    node.settle(success)
    await expect(chain.submitWeights({ ...params, ...wrong })).rejects.toMatchObject({ name: 'InputError' })
    await expect(chain.revealWeights({ ...params, ...wrong })).rejects.toMatchObject({ name: 'InputError' })
    expect(node.submitted).toEqual([])
  })

  it('of two at once goes out after the other is settled', async () => {
    node.settle(success)
    const order: string[] = []
    node.on('system_accountNextIndex', ({ answer }) => {
      order.push(`counted at ${node.submitted.length}`)
      answer(7)
    })
    await Promise.all([chain.submitWeights(params), chain.submitWeights(params)])
    expect(order).toEqual(['counted at 0', 'counted at 1'])
  })

  it('needs a key, and a runtime whose wishes are known', async () => {
    await using reader = await opened({ signer: null })
    await expect(reader.submitWeights(params)).rejects.toMatchObject({ name: 'InputError' })
    await using other = await ScriptedNode.start({ extension: 'CheckMood' })
    await using strange = await openSubtensorChain({ url: other.url, signer })
    await expect(strange.submitWeights(params)).rejects.toThrow(/wants CheckMood in each extrinsic/)
  })
})

describe('a commit', () => {
  it('by hash is opened by the same nonce, and by no other', async () => {
    node.settle(success)
    await chain.submitWeights({ ...params, mechanism: 'hash_commit' })
    const { call } = lastExtrinsic()
    expect(call.subarray(0, 4).toString('hex')).toBe('07010700')
    const hash = call.subarray(4).toString('hex')
    const reveal = async (nonce: string) => {
      await chain.revealWeights({ ...params, nonce })
      const shown = lastExtrinsic().call
      expect(shown.subarray(0, 4).toString('hex')).toBe('07020700')
      // Hotkey and netuid, then what the reveal carries in the same order.
      const committed = Buffer.concat([signer.publicKey, shown.subarray(2)])
      return Buffer.from(blake2b(Uint8Array.from(committed), { dkLen: 32 })).toString('hex')
    }
    expect(await reveal('cycle-1')).toBe(hash)
    expect(await reveal('cycle-2')).not.toBe(hash)
  })

  it('locked until a round is opened by the signature of that round', async () => {
    node.settle(success)
    // Block 10000, next epoch at 10010, the round 3 blocks of 12 s later: 156 s before round 1000.
    node.set('LastEpochBlock', [7], 9_650n)
    node.set('Now', [], BigInt(timeOfRound(1_000).getTime() - 156_000), 'Timestamp')
    const outcome = await chain.submitWeights({ ...params, mechanism: 'timelocked_commit' })
    expect(outcome).toMatchObject({ kind: 'included', revealRound: 1_000 })
    const { call } = lastExtrinsic()
    expect(call.subarray(0, 4).toString('hex')).toBe('07030700')
    // The ciphertext after its compact length of two bytes; the round and the scheme's version after it.
    expect(call.subarray(-10).toString('hex')).toBe('e8030000000000000400')
    const payload = Buffer.from(openTimeLock(Uint8Array.from(call.subarray(6, -10)), SIGNATURE))
    const numbers = Vector(u16)
    expect(payload.toString('hex')).toBe(
      [
        `80${Buffer.from(signer.publicKey).toString('hex')}`,
        Buffer.from(numbers.enc([2, 3])).toString('hex'),
        Buffer.from(numbers.enc([16_384, 65_535])).toString('hex'),
        '0900000000000000',
      ].join(''),
    )
  })

  it('is locked until before its one chance where the chain opens it once, in its older form', async () => {
    await using old = await ScriptedNode.start({
      calls: ['commit_timelocked_weights'],
      storage: ['LastEpochBlock', 'SubnetEpochIndex', 'PendingEpochAt'],
    })
    old.settle(success)
    old.set('NetworksAdded', [7], true)
    // The epochs of netuid 7 run at blocks of 352 in 361: the next one is at 10099, which is 1188 s away.
    old.set('Now', [], BigInt(timeOfRound(1_000).getTime() - (99 * 12 - 72) * 1_000), 'Timestamp')
    await using legacy = await openSubtensorChain({ url: old.url, signer })
    const outcome = await legacy.submitWeights({ ...params, mechanism: 'timelocked_commit' })
    expect(outcome).toMatchObject({ kind: 'included', revealRound: 1_000 })
    const bytes = Buffer.from((old.submitted.at(-1) ?? '').slice(2), 'hex')
    expect(bytes.subarray(-8).toString('hex')).toBe('e803000000000000')
  })

  it('is not locked where nothing would open it', async () => {
    node.set('Tempo', [7], 0)
    await expect(chain.submitWeights({ ...params, mechanism: 'timelocked_commit' })).rejects.toThrow(
      /subnet 7 has no epochs/,
    )
  })

  it('is named when the runtime has no call for it', async () => {
    await using other = await ScriptedNode.start({
      calls: ['commit_timelocked_weights', 'commit_crv3_weights'],
    })
    other.set('NetworksAdded', [7], true)
    other.set('Now', [], BigInt(Date.parse('2026-11-21T09:00:00Z')), 'Timestamp')
    await using old = await openSubtensorChain({ url: other.url, signer })
    await expect(old.submitWeights({ ...params, mechanism: 'timelocked_commit' })).rejects.toThrow(
      /lacks call SubtensorModule.commit_crv3_weights/,
    )
  })
})
