import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { Miner, MinerRegistration } from '../models/miner.ts'
import type { ExecutionOutcome } from '../models/sampling-task.ts'
import type { MinerRepository } from '../repositories/miner-repository.ts'
import type { Page } from '../repositories/page.ts'
import { buildMiner, buildMinerRegistration } from './miner-builders.ts'
import { minerPlaceContract } from './miner-place-contract.ts'
import { nastyTexts } from './nasty-values.ts'

/** What an adapter gives to the suite. */
export interface MinerContractOptions {
  /** A repository over an empty store of its own; called once. */
  readonly setup: () => Promise<MinerRepository>
  readonly teardown?: () => Promise<void>
}

const now = new Date('2026-02-03T04:05:06.345Z')
const later = new Date('2026-02-03T04:05:07.001Z')

/** Everything that an implementation of {@link MinerRepository} must hold, on a real engine. */
export function minerRepositoryContract(options: MinerContractOptions): void {
  describe('miner repository contract', () => {
    let repository: MinerRepository
    let miners = 0
    const newHotkey = (): string => `miner${(miners += 1)}`
    const put = (fields: Partial<MinerRegistration>, at = now): Promise<Miner> =>
      repository.put({ registration: buildMinerRegistration(fields), now: at })
    const putNew = async (): Promise<string> => {
      const hotkey = newHotkey()
      await put({ hotkey })
      return hotkey
    }
    const record = (
      hotkey: string,
      outcomeId: string,
      outcome: ExecutionOutcome = 'scored',
    ): Promise<Miner> => repository.recordOutcome({ hotkey, outcomeId, outcome, now: later })

    beforeAll(async () => {
      repository = await options.setup()
    })
    afterAll(async () => {
      await options.teardown?.()
    })

    describe('put', () => {
      it('keeps a registration exactly, and begins with nothing counted', async () => {
        const registration = buildMinerRegistration({ hotkey: newHotkey() })
        const expected = buildMiner({ ...registration, updatedAt: now })
        expect(await repository.put({ registration, now })).toStrictEqual(expected)
        expect(await repository.find({ hotkey: registration.hotkey })).toStrictEqual(expected)
      })

      it('keeps null apart from zero', async () => {
        const nothing = {
          coldkey: null,
          uid: null,
          endpoint: null,
          endpointCheckedAt: null,
          firstBlock: null,
          lastBlock: null,
        }
        const [first, second] = [newHotkey(), newHotkey()]
        expect(await put({ hotkey: first, ...nothing })).toMatchObject(nothing)
        const zero = { uid: 0, firstBlock: 0, lastBlock: 0 }
        expect(await put({ hotkey: second, ...zero })).toMatchObject(zero)
        expect(await repository.find({ hotkey: second })).toMatchObject(zero)
      })

      it.each(nastyTexts.filter((text) => text !== ''))('keeps the text %j', async (text) => {
        const texts = { modelName: text, modelHash: text, invalidReason: text }
        expect(await put({ hotkey: newHotkey(), ...texts })).toMatchObject(texts)
      })

      it('leaves pause and statistics as they are', async () => {
        const hotkey = await putNew()
        await record(hotkey, 'a', 'miner_fault')
        const before = await repository.pause({ hotkey, reason: 'by hand', until: later, now })
        const after = await put({ hotkey, modelHash: 'other', lastBlock: 5_000_001 }, later)
        expect(after).toStrictEqual({ ...before, modelHash: 'other', lastBlock: 5_000_001, updatedAt: later })
      })

      it('changes nothing when it is older, and gives what is stored', async () => {
        const hotkey = newHotkey()
        const stored = await put({ hotkey, lastBlock: 200 })
        for (const lastBlock of [199, 0, null]) {
          expect(await put({ hotkey, lastBlock, modelHash: 'old' }, later)).toStrictEqual(stored)
        }
        expect(await put({ hotkey, lastBlock: 200, modelHash: 'same block' })).toMatchObject({
          modelHash: 'same block',
        })
      })

      it('ends with the newest of many that come at once', async () => {
        const hotkey = newHotkey()
        await Promise.all([3, 9, 1, 7, 5].map((lastBlock) => put({ hotkey, lastBlock })))
        expect((await repository.find({ hotkey }))?.lastBlock).toBe(9)
      })
    })

    describe('find', () => {
      it('is null for a miner that nobody registered', async () => {
        expect(await repository.find({ hotkey: newHotkey() })).toBeNull()
      })

      it('knows who stands at a uid: the newest commitment, after a change too', async () => {
        const [first, second] = [newHotkey(), newHotkey()]
        const standsAt = async (uid: number): Promise<string | null> =>
          (await repository.findByUid({ uid }))?.hotkey ?? null
        // The answer is eventual.
        const expectAt = (uid: number): ReturnType<typeof expect.poll<string | null>> =>
          expect.poll(() => standsAt(uid), { timeout: 2_000, interval: 20 })
        await put({ hotkey: first, uid: 401, lastBlock: 10 })
        await expectAt(401).toBe(first)
        await put({ hotkey: second, uid: 401, lastBlock: 11 })
        await expectAt(401).toBe(second)
        await put({ hotkey: second, uid: null, lastBlock: 12 })
        await expectAt(401).toBe(first)
        await put({ hotkey: first, uid: 402, lastBlock: 13 })
        await expectAt(401).toBeNull()
        await expectAt(402).toBe(first)
      })
    })

    minerPlaceContract(() => repository)

    it('lists every miner once, over pages', async () => {
      const put26 = await Promise.all(Array.from({ length: 26 }, putNew))
      const seen: string[] = []
      let cursor: string | null = null
      do {
        const page: Page<Miner> = await repository.list({ limit: 10, cursor })
        expect(page.items.length).toBeLessThanOrEqual(10)
        seen.push(...page.items.map((miner) => miner.hotkey))
        cursor = page.nextCursor
      } while (cursor !== null)
      expect(new Set(seen).size).toBe(seen.length)
      expect(seen).toEqual(expect.arrayContaining(put26))
    })

    describe('pause', () => {
      it('is set, replaced and ended', async () => {
        const hotkey = await putNew()
        const pause = { reason: 'ten errors in a row', since: now, until: later }
        expect(await repository.pause({ hotkey, reason: pause.reason, until: later, now })).toMatchObject({
          pause,
          updatedAt: now,
        })
        await repository.pause({ hotkey, reason: 'by hand', until: null, now: later })
        expect((await repository.find({ hotkey }))?.pause).toStrictEqual({
          reason: 'by hand',
          since: later,
          until: null,
        })
        expect((await repository.resume({ hotkey, now: later })).pause).toBeNull()
      })

      it('ends with the row of errors, and leaves the counters', async () => {
        const hotkey = await putNew()
        await record(hotkey, 'a', 'miner_fault')
        await record(hotkey, 'b', 'miner_fault')
        const { statistics } = await repository.resume({ hotkey, now })
        expect(statistics).toMatchObject({ consecutiveErrors: 0, errorCount: 2, totalSamples: 2 })
      })
    })

    describe('recordOutcome', () => {
      it('counts scored attempts and faults of the miner, and the row of faults', async () => {
        const hotkey = await putNew()
        await record(hotkey, 'a', 'scored')
        await record(hotkey, 'b', 'miner_fault')
        expect((await record(hotkey, 'c', 'miner_fault')).statistics).toStrictEqual({
          totalSamples: 3,
          successCount: 1,
          errorCount: 2,
          consecutiveErrors: 2,
          lastSampleAt: later,
        })
        expect((await record(hotkey, 'd', 'scored')).statistics.consecutiveErrors).toBe(0)
      })

      it('leaves everything alone when the fault was ours', async () => {
        const hotkey = await putNew()
        const before = await record(hotkey, 'a', 'miner_fault')
        expect(await record(hotkey, 'b', 'infrastructure_fault')).toStrictEqual(before)
      })

      it('counts a repeated report once, also at another time', async () => {
        const hotkey = await putNew()
        const first = await record(hotkey, 'a', 'miner_fault')
        expect(await record(hotkey, 'a', 'miner_fault')).toStrictEqual(first)
        const other = { hotkey, outcomeId: 'a', outcome: 'scored', now } as const
        expect(await repository.recordOutcome(other)).toStrictEqual(first)
      })

      it('loses none of many that come at once, and counts none twice', async () => {
        const hotkey = await putNew()
        const ids = Array.from({ length: 40 }, (_, index) => `attempt ${index % 20}`.replace(' ', '-'))
        await Promise.all(ids.map((id) => record(hotkey, id, 'miner_fault')))
        expect((await repository.find({ hotkey }))?.statistics).toMatchObject({
          totalSamples: 20,
          errorCount: 20,
          consecutiveErrors: 20,
        })
      })

      it('knows the last 64 outcomes again after many more', async () => {
        const hotkey = await putNew()
        for (let round = 0; round < 14; round += 1) {
          await Promise.all(Array.from({ length: 10 }, (_, index) => record(hotkey, `${round}-${index}`)))
        }
        await Promise.all(
          Array.from({ length: 20 }, (_, index) =>
            record(hotkey, `${13 - 5 * Math.floor(index / 10)}-${index % 10}`),
          ),
        )
        expect((await repository.find({ hotkey }))?.statistics.totalSamples).toBe(140)
      })

      it('keeps two miners apart', async () => {
        const [first, second] = [await putNew(), await putNew()]
        await record(first, 'a')
        expect((await record(second, 'a')).statistics.totalSamples).toBe(1)
      })
    })

    it('says that a miner is not known', async () => {
      const hotkey = newHotkey()
      for (const call of [
        () => repository.pause({ hotkey, reason: 'x', until: null, now }),
        () => repository.resume({ hotkey, now }),
        () => record(hotkey, 'a'),
        () => record(hotkey, 'a', 'infrastructure_fault'),
      ]) {
        await expect(call()).rejects.toMatchObject({ code: 'not_found' })
      }
      expect(await repository.find({ hotkey })).toBeNull()
    })

    describe('bad input', () => {
      it.each<readonly [string, Partial<MinerRegistration>]>([
        ['a hotkey with a separator', { hotkey: 'a#b' }],
        ['an empty hotkey', { hotkey: '' }],
        ['a uid beyond 65535', { uid: 65_536 }],
        ['a broken uid', { uid: 1.5 }],
        ['a negative block', { lastBlock: -1 }],
        ['an empty model name', { modelName: '' }],
        ['a revision with a space', { modelRevision: 'a b' }],
        ['a date that is none', { endpointCheckedAt: new Date(Number.NaN) }],
      ])('refuses %s and stores nothing', async (_name, fields) => {
        const hotkey = newHotkey()
        await expectInvalid(put({ hotkey, ...fields }))
        expect(await repository.find({ hotkey })).toBeNull()
      })

      it('refuses a whole miner for a registration: its place is not for a commitment to say', async () => {
        const place = { netuid: 1, uid: 7, registeredAt: 1, blockNumber: 1 }
        const registration = buildMiner({ hotkey: newHotkey(), place })
        await expectInvalid(repository.put({ registration, now }))
        expect(await repository.find({ hotkey: registration.hotkey })).toBeNull()
      })

      it('refuses ids, reasons, times and limits that are none', async () => {
        const hotkey = await putNew()
        await expectInvalid(record(hotkey, ''))
        await expectInvalid(record(hotkey, 'a b'))
        await expectInvalid(repository.pause({ hotkey, reason: '', until: null, now }))
        await expectInvalid(repository.pause({ hotkey, reason: 'x', until: new Date(Number.NaN), now }))
        await expectInvalid(repository.find({ hotkey: 'a b' }))
        await expectInvalid(repository.findByUid({ uid: -1 }))
        for (const limit of [0, 1.5, 10_001]) await expectInvalid(repository.list({ limit }))
        await expectInvalid(repository.list({ limit: 1, cursor: 'bm9uc2Vuc2U' }))
      })
    })

    it('passes the reason of an aborted signal on, unwrapped', async () => {
      const reason = new Error('enough')
      const signal = AbortSignal.abort(reason)
      const hotkey = newHotkey()
      await expect(repository.find({ hotkey }, { signal })).rejects.toBe(reason)
      await expect(
        repository.recordOutcome({ hotkey, outcomeId: 'a', outcome: 'scored', now }, { signal }),
      ).rejects.toBe(reason)
    })
  })
}

async function expectInvalid(call: Promise<unknown>): Promise<void> {
  await expect(call).rejects.toMatchObject({ code: 'invalid_input' })
}
