import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import {
  submissionMechanisms,
  summariseWeightCycle,
  weightCycleStates,
  type WeightCycle,
  type WeightCycleSummary,
} from '../models/weight-cycle.ts'
import type { WeightCycleRepository } from '../repositories/weight-cycle-repository.ts'
import type { RepositoryContractOptions } from './keyed-rows-repository-contract.ts'
import { newContentId } from './miner-row-builders.ts'
import { nastyTexts } from './nasty-values.ts'
import { expectInvalid, readPages } from './sample-suite.ts'
import { buildWeightCycle, newHotkey } from './weight-record-builders.ts'

const at = (minute: number): Date => new Date(Date.UTC(2026, 1, 3, 4, minute))

/** Everything that an implementation of {@link WeightCycleRepository} must hold, on a real engine. */
export function weightCycleRepositoryContract(
  options: RepositoryContractOptions<WeightCycleRepository>,
): void {
  describe('weight cycle repository contract', () => {
    let repository: WeightCycleRepository
    beforeAll(async () => {
      repository = await options.setup()
    })
    afterAll(async () => {
      await options.teardown?.()
    })
    const put = async (fields: Partial<WeightCycle>): Promise<WeightCycle> => {
      const cycle = buildWeightCycle(fields)
      await repository.put({ cycle })
      return cycle
    }
    /** Some cycles of one validator, in an order that is neither theirs nor its reverse. */
    const putSome = async (count: number): Promise<readonly WeightCycle[]> => {
      const validatorHotkey = newHotkey()
      const cycles = Array.from({ length: count }, (_unused, index) =>
        buildWeightCycle({ validatorHotkey, createdAt: at(index) }),
      )
      for (let index = 0; index < count; index += 1) {
        const cycle = cycles[(index * 3 + 1) % count]
        if (cycle !== undefined) await repository.put({ cycle })
      }
      return cycles.toReversed()
    }

    it('finds nothing in an empty scope', async () => {
      const scope = { netuid: 64, validatorHotkey: newHotkey() }
      expect(await repository.find({ ...scope, cycleId: newContentId() })).toBeNull()
      expect(await repository.findLatest(scope)).toBeNull()
      expect(await repository.listSummaries({ ...scope, limit: 10 })).toStrictEqual({
        items: [],
        nextCursor: null,
      })
    })

    it.each<readonly [string, Partial<WeightCycle>]>([
      ['as it was prepared', {}],
      ['without weights', { weights: [] }],
      ['with the largest numbers', extremes(65_535)],
      ['with the smallest numbers', extremes(0)],
      ['with as many weights as a subnet can have', { weights: manyWeights(4_096) }],
      [
        'with nasty texts, in the order of its steps',
        {
          reason: `${nastyTexts.join('')}`.slice(0, 256),
          steps: nastyTexts.map((text, index) => ({
            state: weightCycleStates[index % weightCycleStates.length] ?? 'prepared',
            at: at(59 - index),
            blockNumber: index % 2 === 0 ? null : index,
            detail: text === '' ? null : text,
          })),
        },
      ],
      ['with weights that floats cannot round', { weights: manyWeights(3), burn: 0.1 + 0.2, rule: 'a' }],
    ])('gives a cycle back exactly %s', async (_name, fields) => {
      const cycle = await put({ validatorHotkey: newHotkey(), ...fields })
      expect(await repository.find(cycle)).toStrictEqual(cycle)
      expect(await repository.findLatest(cycle)).toStrictEqual(cycle)
      expect((await repository.listSummaries({ ...scopeOf(cycle), limit: 1 })).items).toStrictEqual([
        summariseWeightCycle(cycle),
      ])
    })

    it('keeps every state and every mechanism', async () => {
      const cycle = buildWeightCycle({ validatorHotkey: newHotkey() })
      for (const state of weightCycleStates) {
        for (const mechanism of [null, ...submissionMechanisms]) {
          const changed = { ...cycle, state, mechanism, attempts: cycle.attempts + 1 }
          await repository.put({ cycle: changed })
          expect(await repository.find(cycle)).toStrictEqual(changed)
        }
      }
      expect((await repository.listSummaries({ ...scopeOf(cycle), limit: 10 })).items).toHaveLength(1)
    })

    it('replaces a cycle that was prepared again at another block', async () => {
      const first = await put({ validatorHotkey: newHotkey(), createdAt: at(5) })
      const other = await put({ validatorHotkey: first.validatorHotkey, createdAt: at(6) })
      const again = { ...first, updatedAt: at(7), blockNumber: first.blockNumber + 9_999, weights: [] }
      await repository.put({ cycle: again })
      expect((await repository.listSummaries({ ...scopeOf(first), limit: 10 })).items).toStrictEqual(
        [other, again].map(summariseWeightCycle),
      )
      expect(await repository.find(first)).toStrictEqual(again)
    })

    it('keeps subnets, validators and cycles of the same id apart', async () => {
      const cycle = await put({ validatorHotkey: newHotkey() })
      const others = [
        { ...cycle, netuid: 65 },
        { ...cycle, validatorHotkey: newHotkey() },
        { ...cycle, cycleId: newContentId(), createdAt: at(1) },
      ]
      for (const [attempts, other] of others.entries()) {
        expect(await repository.find(other)).toBeNull()
        await repository.put({ cycle: { ...other, attempts } })
      }
      expect(await repository.find(cycle)).toStrictEqual(cycle)
      for (const [attempts, other] of others.entries()) {
        expect(await repository.find(other)).toStrictEqual({ ...other, attempts })
      }
      expect(
        (await repository.listSummaries({ ...scopeOf(cycle), netuid: 65, limit: 9 })).items,
      ).toHaveLength(1)
    })

    it('lists the newest first, with any page size', async () => {
      const cycles = await putSome(13)
      const [newest] = cycles
      if (newest === undefined) return
      for (const limit of [1, 5, 12, 13, 14, 10_000]) {
        const found = await readPages(
          async (page) => repository.listSummaries({ ...scopeOf(newest), ...page }),
          limit,
        )
        expect(found).toStrictEqual(cycles.map(summariseWeightCycle))
      }
      expect(await repository.findLatest(newest)).toStrictEqual(newest)
    })

    it('counts the miners with weight, and shows no vector', async () => {
      const weight = (hotkey: string, share: number) => ({ hotkey, weight: share, uid: null, value: null })
      const weights = [weight('a', 0), weight('b', 1e-300), weight('c', 1), weight('d', 0)]
      const cycle = await put({ validatorHotkey: newHotkey(), weights })
      const read = async (): Promise<WeightCycleSummary | undefined> =>
        (await repository.listSummaries({ ...scopeOf(cycle), limit: 1 })).items[0]
      const first = await read()
      expect(first).toMatchObject({ cycleId: cycle.cycleId, steps: cycle.steps, weightedMiners: 2 })
      expect(first).not.toHaveProperty('weights')
      await repository.put({ cycle: { ...cycle, weights: weights.slice(0, 2) } })
      expect(await read()).toMatchObject({ weightedMiners: 1 })
    })

    it('orders cycles of one instant by their ids, the largest first', async () => {
      const validatorHotkey = newHotkey()
      const cycles: WeightCycle[] = []
      for (let count = 0; count < 5; count += 1) cycles.push(await put({ validatorHotkey }))
      const sorted = cycles.toSorted((a, b) => (a.cycleId < b.cycleId ? 1 : -1))
      const found = await readPages(
        async (page) => repository.listSummaries({ netuid: 64, validatorHotkey, ...page }),
        2,
      )
      expect(found).toStrictEqual(sorted.map(summariseWeightCycle))
      expect(await repository.findLatest({ netuid: 64, validatorHotkey })).toStrictEqual(sorted[0])
    })

    it('lists what was created from one instant on and before another', async () => {
      const cycles = await putSome(5)
      const [newest] = cycles
      if (newest === undefined) return
      const times = async (range: { from?: Date; to?: Date }): Promise<readonly Date[]> =>
        (await repository.listSummaries({ ...scopeOf(newest), ...range, limit: 9 })).items.map(
          (one) => one.createdAt,
        )
      expect(await times({ from: at(1), to: at(3) })).toStrictEqual([at(2), at(1)])
      expect(await times({ from: new Date(at(3).getTime() + 1) })).toStrictEqual([at(4)])
      expect(await times({ to: new Date(at(0).getTime() + 1) })).toStrictEqual([at(0)])
      expect(await times({ from: at(3), to: at(3) })).toStrictEqual([])
      const first = await repository.listSummaries({ ...scopeOf(newest), to: at(4), limit: 2 })
      const rest = await repository.listSummaries({
        ...scopeOf(newest),
        to: at(4),
        limit: 2,
        cursor: first.nextCursor,
      })
      expect([...first.items, ...rest.items]).toStrictEqual(cycles.slice(1).map(summariseWeightCycle))
    })

    it('finds the latest of some states', async () => {
      const validatorHotkey = newHotkey()
      const effective = await put({ validatorHotkey, state: 'effective', createdAt: at(1) })
      const failed = await put({ validatorHotkey, state: 'failed', createdAt: at(2) })
      const scope = scopeOf(effective)
      expect(await repository.findLatest(scope)).toStrictEqual(failed)
      expect(await repository.findLatest({ ...scope, states: ['effective', 'revealed'] })).toStrictEqual(
        effective,
      )
      expect(await repository.findLatest({ ...scope, states: weightCycleStates })).toStrictEqual(failed)
      expect(await repository.findLatest({ ...scope, states: ['prepared'] })).toBeNull()
      expect(await repository.findLatest({ ...scope, states: [] })).toBeNull()
      await repository.put({ cycle: { ...failed, state: 'prepared' } })
      expect(await repository.findLatest({ ...scope, states: ['failed'] })).toBeNull()
    })

    it.each<readonly [string, Partial<WeightCycle>]>([
      ['netuid 65,536', { netuid: 65_536 }],
      ['a hotkey with a quote', { validatorHotkey: "a'b" }],
      ['a cycle id of 31 digits', { cycleId: 'a'.repeat(31) }],
      ['a block before the first', { blockNumber: -1 }],
      ['a burn above 1', { burn: 1.000_001 }],
      ['a burn that is no number', { burn: Number.NaN }],
      ['a version key of 65 bits', { versionKey: 2n ** 64n }],
      ['half a try', { attempts: 0.5 }],
      ['no steps', { steps: [] }],
      ['a step at no time', { steps: [{ ...step, at: new Date(Number.NaN) }] }],
      ['a step with an empty detail', { steps: [step, { ...step, detail: '' }] }],
      ['a detail with half a surrogate pair', { steps: [{ ...step, detail: '\ud800' }] }],
      ['a weight above 1', { weights: [{ hotkey: 'a', weight: 2, uid: 1, value: 1 }] }],
      ['a value of 17 bits', { weights: [{ hotkey: 'a', weight: 1, uid: 1, value: 65_536 }] }],
      ['a weight of nobody', { weights: [{ hotkey: '', weight: 1, uid: 1, value: 1 }] }],
      ['a hash in upper case', { extrinsicHash: `0x${'AB'.repeat(32)}` }],
    ])('refuses %s and stores nothing', async (_name, fields) => {
      const good = buildWeightCycle({ validatorHotkey: newHotkey() })
      await expectInvalid(repository.put({ cycle: { ...good, ...fields } }))
      expect((await repository.listSummaries({ ...scopeOf(good), limit: 1 })).items).toStrictEqual([])
    })

    it('refuses questions that make no sense', async () => {
      const { cycleId, ...scope } = { ...scopeOf(buildWeightCycle()), cycleId: newContentId() }
      for (const wrong of [{ netuid: -1 }, { netuid: 1.5 }, { validatorHotkey: 'a b' }]) {
        await expectInvalid(repository.find({ ...scope, cycleId, ...wrong }))
        await expectInvalid(repository.findLatest({ ...scope, ...wrong }))
        await expectInvalid(repository.listSummaries({ ...scope, limit: 1, ...wrong }))
      }
      await expectInvalid(repository.find({ ...scope, cycleId: 'latest' }))
      await expectInvalid(repository.listSummaries({ ...scope, limit: 1, from: new Date(Number.NaN) }))
      for (const limit of [0, 1.5, 10_001]) await expectInvalid(repository.listSummaries({ ...scope, limit }))
      await expectInvalid(repository.listSummaries({ ...scope, limit: 1, cursor: 'bm9uc2Vuc2U' }))
    })

    it('passes the reason of an aborted signal on, unwrapped', async () => {
      const reason = new Error('enough')
      const aborted = { signal: AbortSignal.abort(reason) }
      const cycle = buildWeightCycle({ validatorHotkey: newHotkey() })
      await expect(repository.put({ cycle }, aborted)).rejects.toBe(reason)
      await expect(repository.find(cycle, aborted)).rejects.toBe(reason)
      await expect(repository.findLatest(scopeOf(cycle), aborted)).rejects.toBe(reason)
      await expect(repository.listSummaries({ ...scopeOf(cycle), limit: 1 }, aborted)).rejects.toBe(reason)
      expect(await repository.find(cycle)).toBeNull()
    })
  })
}

const step: WeightCycle['steps'][number] = { state: 'prepared', at: at(0), blockNumber: null, detail: null }

function scopeOf({ netuid, validatorHotkey }: WeightCycle): { netuid: number; validatorHotkey: string } {
  return { netuid, validatorHotkey }
}

function manyWeights(count: number): WeightCycle['weights'] {
  return Array.from({ length: count }, (_unused, uid) => ({
    hotkey: `miner${uid}`,
    weight: 1 / (uid + 3),
    uid: uid % 2 === 0 ? uid : null,
    value: uid % 3 === 0 ? null : 65_535 - uid,
  }))
}

function extremes(u16: 0 | 65_535): Partial<WeightCycle> {
  const isLarge = u16 > 0
  const block = isLarge ? 999_999_999_999 : 0
  return {
    netuid: u16,
    blockNumber: block,
    snapshotBlock: block,
    inclusionBlock: block,
    revealBlock: block,
    effectiveBlock: block,
    burn: isLarge ? 1 : 0,
    attempts: isLarge ? Number.MAX_SAFE_INTEGER : 0,
    versionKey: isLarge ? 18_446_744_073_709_551_615n : 0n,
    extrinsicHash: `0x${(isLarge ? 'f' : '0').repeat(64)}`,
    parametersHash: (isLarge ? 'f' : '0').repeat(64),
    createdAt: isLarge ? new Date('2299-12-31T23:59:59.999Z') : new Date(0),
    updatedAt: isLarge ? new Date('2299-12-31T23:59:59.999Z') : new Date(0),
    weights: [{ hotkey: 'a', weight: isLarge ? 1 : 0, uid: u16, value: u16 }],
    steps: [{ state: 'failed', at: new Date(0), blockNumber: block, detail: 'x'.repeat(1_000) }],
  }
}
