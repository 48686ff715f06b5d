import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { ChainNeuron } from '../models/chain-snapshot.ts'
import type { ChainSnapshotRepository } from '../repositories/chain-snapshot-repository.ts'
import type { RepositoryContractOptions } from './keyed-rows-repository-contract.ts'
import { expectInvalid } from './sample-suite.ts'
import { buildChainNeuron, newHotkey } from './weight-record-builders.ts'

/** Everything that an implementation of {@link ChainSnapshotRepository} must hold, on a real engine. */
export function chainSnapshotRepositoryContract(
  options: RepositoryContractOptions<ChainSnapshotRepository>,
): void {
  describe('chain snapshot repository contract', () => {
    let repository: ChainSnapshotRepository
    let subnets = 0
    beforeAll(async () => {
      repository = await options.setup()
    })
    afterAll(async () => {
      await options.teardown?.()
    })
    /** No epoch of it is stored yet. */
    const newSubnet = (): number => (subnets += 1)
    const put = async (...fields: readonly Partial<ChainNeuron>[]): Promise<readonly ChainNeuron[]> => {
      const neurons = fields.map((each) => buildChainNeuron(each))
      await repository.put({ neurons })
      return neurons
    }

    it('finds nothing of a subnet that nobody looked at', async () => {
      const netuid = newSubnet()
      await repository.put({ neurons: [] })
      expect(await repository.findLatestEpoch({ netuid })).toBeNull()
      expect(await repository.list({ netuid, epochBlock: 1 })).toStrictEqual([])
      expect(await repository.listPoints({ netuid, hotkey: 'a', limit: 1 })).toStrictEqual([])
    })

    it.each<readonly [string, Partial<ChainNeuron>]>([
      ['as it was read', {}],
      ['with the largest numbers', extremes(65_535)],
      ['with the smallest numbers', extremes(0)],
      ['with stake beyond 2^53', { stake: 2n ** 53n + 1n, emission: 2n ** 63n + 1n }],
      ['of a validator', { hasPermit: true, isActive: false, validatorTrust: 65_535, dividends: 1 }],
    ])('gives a neuron back exactly %s', async (_name, fields) => {
      const [neuron] = await put({ netuid: newSubnet(), ...fields })
      if (neuron === undefined) return
      expect(await repository.list(neuron)).toStrictEqual([neuron])
      expect(await repository.listPoints({ ...neuron, limit: 1 })).toStrictEqual([pointOf(neuron)])
      expect(await repository.findLatestEpoch(neuron)).toBe(neuron.epochBlock)
    })

    it('lists an epoch in the order of uids', async () => {
      const netuid = newSubnet()
      const uids = Array.from({ length: 300 }, (_unused, index) => (index * 77 + 5) % 300)
      const neurons = await put(...uids.map((uid) => ({ netuid, uid, hotkey: `miner${uid}` })))
      expect(await repository.list({ netuid, epochBlock: 5_000_720 })).toStrictEqual(
        neurons.toSorted((a, b) => a.uid - b.uid),
      )
    })

    it('replaces uid by uid when an epoch is put again', async () => {
      const netuid = newSubnet()
      const [first, second] = await put(
        { netuid, uid: 0, hotkey: 'a' },
        { netuid, uid: 1, hotkey: 'b', incentive: 2 },
      )
      if (first === undefined || second === undefined) return
      const again = { ...first, incentive: 65_535, observedAt: new Date('2026-02-04T00:00:00.001Z') }
      await repository.put({ neurons: [again] })
      expect(await repository.list(first)).toStrictEqual([again, second])
      expect(await repository.listPoints({ netuid, hotkey: 'a', limit: 9 })).toStrictEqual([pointOf(again)])
      expect(await repository.listPoints({ netuid, hotkey: 'b', limit: 9 })).toStrictEqual([pointOf(second)])
    })

    it('forgets who stood at a uid when the epoch is put again with others, as after a reorganised block', async () => {
      const netuid = newSubnet()
      const points = async (hotkey: string): Promise<readonly (readonly [number, number])[]> =>
        (await repository.listPoints({ netuid, hotkey, limit: 9 })).map((one) => [one.epochBlock, one.uid])
      await put({ netuid, epochBlock: 100, uid: 0, hotkey: 'a' })
      await put(
        { netuid, epochBlock: 200, uid: 0, hotkey: 'a' },
        { netuid, epochBlock: 200, uid: 1, hotkey: 'b' },
      )
      await put(
        { netuid, epochBlock: 200, uid: 0, hotkey: 'c' },
        { netuid, epochBlock: 200, uid: 1, hotkey: 'b' },
      )
      expect([await points('a'), await points('b'), await points('c')]).toStrictEqual([
        [[100, 0]],
        [[200, 1]],
        [[200, 0]],
      ])
      await put(
        { netuid, epochBlock: 200, uid: 0, hotkey: 'b' },
        { netuid, epochBlock: 200, uid: 1, hotkey: 'a' },
      )
      expect([await points('a'), await points('b'), await points('c')]).toStrictEqual([
        [
          [200, 1],
          [100, 0],
        ],
        [[200, 0]],
        [],
      ])
    })

    it('keeps subnets and epochs apart', async () => {
      const [netuid, other] = [newSubnet(), newSubnet()]
      const hotkey = newHotkey()
      const [here] = await put({ netuid, hotkey })
      const [there] = await put({ netuid: other, hotkey, incentive: 1 })
      const [later] = await put({ netuid, hotkey, epochBlock: 5_001_081 })
      if (here === undefined || there === undefined || later === undefined) return
      expect(await repository.list(here)).toStrictEqual([here])
      expect(await repository.list(there)).toStrictEqual([there])
      expect(await repository.list({ netuid: other, epochBlock: later.epochBlock })).toStrictEqual([])
      expect(await repository.findLatestEpoch({ netuid: other })).toBe(there.epochBlock)
      expect(await repository.listPoints({ netuid: other, hotkey, limit: 9 })).toStrictEqual([pointOf(there)])
    })

    it("gives a hotkey's history, the newest first, over the uids that it had", async () => {
      const netuid = newSubnet()
      const neurons: ChainNeuron[] = []
      for (const epochBlock of [1_080, 360, 10_000_000_000, 720]) {
        const [neuron] = await put(
          { netuid, epochBlock, hotkey: 'a', uid: epochBlock % 7, incentive: epochBlock % 1_000 },
          { netuid, epochBlock, hotkey: 'b', uid: 9 },
        )
        if (neuron !== undefined) neurons.push(neuron)
      }
      const expected = neurons.toSorted((a, b) => b.epochBlock - a.epochBlock).map(pointOf)
      expect(await repository.listPoints({ netuid, hotkey: 'a', limit: 10_000 })).toStrictEqual(expected)
      expect(await repository.listPoints({ netuid, hotkey: 'a', limit: 2 })).toStrictEqual(
        expected.slice(0, 2),
      )
      expect(await repository.findLatestEpoch({ netuid })).toBe(10_000_000_000)
    })

    it.each<readonly [string, Partial<ChainNeuron>]>([
      ['a hotkey with a quote', { hotkey: "b'" }],
      ['uid −1', { uid: -1 }],
      ['incentive of 17 bits', { incentive: 65_536 }],
      ['half a consensus', { consensus: 0.5 }],
      ['negative stake', { stake: -1n }],
      ['emission of 65 bits', { emission: 2n ** 64n }],
      ['an epoch of 13 digits', { epochBlock: 1_000_000_000_000 }],
      ['no time', { observedAt: new Date(Number.NaN) }],
      ['another epoch', { epochBlock: 5_000_721 }],
      ['another subnet', { netuid: 65_000 }],
      ['the same uid', { uid: 0 }],
      ['the same hotkey', { hotkey: 'a' }],
    ])('refuses %s beside another neuron, naming the row, and changes nothing', async (_name, fields) => {
      const netuid = newSubnet()
      const before = await put({ netuid, uid: 0, hotkey: 'before' })
      const neurons = [
        buildChainNeuron({ netuid, uid: 0, hotkey: 'a' }),
        buildChainNeuron({ netuid, uid: 1, hotkey: 'b', ...fields }),
      ]
      const refused = repository.put({ neurons })
      await expectInvalid(refused)
      await expect(refused).rejects.toThrow(/\b2\b/)
      expect(await repository.list({ netuid, epochBlock: 5_000_720 })).toStrictEqual(before)
      expect(await repository.listPoints({ netuid, hotkey: 'before', limit: 9 })).toHaveLength(1)
    })

    it('refuses questions that make no sense', async () => {
      const points = { netuid: newSubnet(), hotkey: 'a', limit: 1 }
      for (const netuid of [-1, 0.5, 65_536]) {
        await expectInvalid(repository.findLatestEpoch({ netuid }))
        await expectInvalid(repository.list({ netuid, epochBlock: 1 }))
        await expectInvalid(repository.listPoints({ ...points, netuid }))
      }
      await expectInvalid(repository.list({ netuid: 1, epochBlock: -1 }))
      await expectInvalid(repository.listPoints({ ...points, hotkey: `' OR '1'='1` }))
      for (const limit of [0, 1.5, 10_001]) await expectInvalid(repository.listPoints({ ...points, limit }))
    })

    it('passes the reason of an aborted signal on, unwrapped', async () => {
      const reason = new Error('enough')
      const aborted = { signal: AbortSignal.abort(reason) }
      const neuron = buildChainNeuron({ netuid: newSubnet() })
      await expect(repository.put({ neurons: [neuron] }, aborted)).rejects.toBe(reason)
      await expect(repository.put({ neurons: [] }, aborted)).rejects.toBe(reason)
      await expect(repository.findLatestEpoch(neuron, aborted)).rejects.toBe(reason)
      await expect(repository.list(neuron, aborted)).rejects.toBe(reason)
      await expect(repository.listPoints({ ...neuron, limit: 1 }, aborted)).rejects.toBe(reason)
      expect(await repository.list(neuron)).toStrictEqual([])
    })
  })
}

function pointOf({ epochBlock, uid, incentive, dividends, observedAt }: ChainNeuron): object {
  return { epochBlock, uid, incentive, dividends, observedAt }
}

function extremes(u16: 0 | 65_535): Partial<ChainNeuron> {
  const block = u16 > 0 ? 999_999_999_999 : 0
  const rao = u16 > 0 ? 18_446_744_073_709_551_615n : 0n
  return {
    netuid: u16,
    epochBlock: block,
    uid: u16,
    incentive: u16,
    dividends: u16,
    consensus: u16,
    validatorTrust: u16,
    stake: rao,
    emission: rao,
    lastUpdate: block,
    registeredAt: block,
    observedAt: new Date(u16 > 0 ? '2299-12-31T23:59:59.999Z' : 0),
  }
}
