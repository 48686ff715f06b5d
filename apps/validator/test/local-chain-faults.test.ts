import { describe, expect, it } from 'vitest'

import type { Chain, SubmitWeightsParams } from '../src/ports/chain.ts'
import { faultyChain, type ChainCall, type ChainFault } from './fixtures/faulty-chain.ts'
import { localSubnet, netuid, openSubnet, validator, type OpenedSubnet } from './fixtures/local-subnet.ts'

const weights: SubmitWeightsParams = {
  netuid,
  vector: { uids: [4, 5], values: [65_535, 1_000] },
  versionKey: 0n,
  mechanism: 'plain',
  nonce: 'once',
}

/** A chain whose first call of a method goes wrong. */
function faulty(opened: OpenedSubnet, method: ChainCall['method'], fault: ChainFault): Chain {
  return faultyChain({
    ...opened,
    faultOf: (call) => (call.method === method && call.index === 0 ? fault : null),
  })
}

async function opening(): Promise<OpenedSubnet> {
  const opened = await openSubnet(localSubnet())
  await opened.chain.head()
  await opened.advance(5)
  return opened
}

describe('a chain that answers', () => {
  it('late: after the time, or not when the caller gives up', async () => {
    await using opened = await opening()
    const { clock } = opened
    const chain = faulty(opened, 'submitWeights', { kind: 'late', ms: 8_000 })
    const submitted = chain.submitWeights(weights)
    let isAnswered = false
    void submitted.then(() => (isAnswered = true))
    while (clock.sleeps.length === 0) await new Promise(setImmediate)
    await clock.advance(7_999)
    expect(isAnswered).toBe(false)
    await clock.advance(1)
    expect(await submitted).toMatchObject({ kind: 'included', blockNumber: 6 })

    const impatient = faulty(opened, 'head', { kind: 'late', ms: 8_000 })
    const abort = new AbortController()
    const asked = impatient.head({ signal: abort.signal })
    while (clock.sleeps.length === 1) await new Promise(setImmediate)
    abort.abort(new Error('no time left'))
    await expect(asked).rejects.toThrow('no time left')
  })

  it('twice: the second submission is refused by the rate limit, and the weights are held once', async () => {
    await using opened = await opening()
    const chain = faulty(opened, 'submitWeights', { kind: 'twice' })
    expect(await chain.submitWeights(weights)).toMatchObject({ kind: 'included', blockNumber: 6 })
    expect(await chain.heldWeights({ netuid, hotkey: validator })).toMatchObject({
      blockNumber: 7,
      lastUpdate: 6,
      vector: weights.vector,
    })
  })

  it('wrongly: with a neuron missing, or a uid twice', async () => {
    await using opened = await opening()
    const missing = faulty(opened, 'metagraph', { kind: 'missing_neuron', uid: 5 })
    const uidsOf = async (chain: Chain): Promise<number[]> =>
      (await chain.metagraph({ netuid })).neurons.map(({ uid }) => uid)
    expect(await uidsOf(missing)).toEqual([0, 1, 2, 3, 4, 6, 7, 8])
    expect(await uidsOf(missing)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8])
    const doubled = faulty(opened, 'metagraph', { kind: 'duplicate_uid', uid: 5 })
    expect(await uidsOf(doubled)).toEqual([0, 1, 2, 3, 4, 5, 5, 7, 8])
  })

  it('not at all: until the signal ends it, and nothing has happened', async () => {
    await using opened = await opening()
    const chain = faulty(opened, 'submitWeights', { kind: 'silent' })
    const signal = AbortSignal.timeout(20)
    await expect(chain.submitWeights(weights, { signal })).rejects.toMatchObject({ name: 'TimeoutError' })
    expect(await chain.heldWeights({ netuid, hotkey: validator })).toMatchObject({ lastUpdate: 0 })
    expect(await chain.submitWeights(weights)).toMatchObject({ kind: 'included' })
  })

  it('with a connection that is down: a retryable error, and nothing has happened', async () => {
    await using opened = await opening()
    const chain = faulty(opened, 'submitWeights', { kind: 'unreachable' })
    await expect(chain.submitWeights(weights)).rejects.toMatchObject({
      code: 'unreachable',
      isRetryable: true,
    })
    expect(await chain.heldWeights({ netuid, hotkey: validator })).toMatchObject({ lastUpdate: 0 })
  })
})

describe('a submission', () => {
  it('that lands while its answer is lost: unknown, and held', async () => {
    await using opened = await opening()
    const chain = faulty(opened, 'submitWeights', { kind: 'lost_answer' })
    expect(await chain.submitWeights(weights)).toMatchObject({ kind: 'unknown' })
    expect(await chain.heldWeights({ netuid, hotkey: validator })).toMatchObject({
      lastUpdate: 6,
      vector: weights.vector,
    })
  })

  it('whose block is reorganised away: included, then not there, and possible again', async () => {
    await using opened = await opening()
    const chain = faulty(opened, 'submitWeights', { kind: 'reorganised' })
    const gone = await chain.submitWeights(weights)
    expect(gone).toMatchObject({ kind: 'included', blockNumber: 6 })
    expect(await chain.heldWeights({ netuid, hotkey: validator })).toMatchObject({
      lastUpdate: 0,
      vector: { uids: [], values: [] },
    })
    const again = await chain.submitWeights(weights)
    expect(again).toMatchObject({ kind: 'included', blockNumber: 6 })
    expect(again.kind === 'included' && gone.kind === 'included' && again.blockHash !== gone.blockHash).toBe(
      true,
    )
  })
})
