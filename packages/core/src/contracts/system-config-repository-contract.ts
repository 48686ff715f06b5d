import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { isStorageError } from '../errors/storage-error.ts'
import type { ConfigValue, SystemConfig } from '../models/system-config.ts'
import type { SystemConfigRepository } from '../repositories/system-config-repository.ts'

/** What an adapter gives to the suite. */
export interface SystemConfigContractOptions {
  /** A repository over an empty store of its own; called once. */
  readonly setup: () => Promise<SystemConfigRepository>
  readonly teardown?: () => Promise<void>
}

const now = new Date('2026-02-03T04:05:06.345Z')
const later = new Date('2026-02-03T04:05:07.001Z')

const nastyValues: readonly (readonly [string, ConfigValue])[] = [
  ['an empty string', { type: 'string', value: '' }],
  ['text that looks like a number', { type: 'string', value: '007' }],
  ['unicode, quotes and control characters', { type: 'string', value: `ß 漢字 👩‍🚀 "'\\\` \n\t\u0000 #%` }],
  ['one hundred thousand characters', { type: 'string', value: 'é'.repeat(100_000) }],
  ['2^63−1', { type: 'integer', value: 9_223_372_036_854_775_807n }],
  ['−2^63', { type: 'integer', value: -9_223_372_036_854_775_808n }],
  ['zero', { type: 'integer', value: 0n }],
  ['0.1', { type: 'number', value: 0.1 }],
  ['a whole float', { type: 'number', value: 1 }],
  ['−0', { type: 'number', value: -0 }],
  ['the largest float', { type: 'number', value: Number.MAX_VALUE }],
  ['the smallest float', { type: 'number', value: Number.MIN_VALUE }],
  ['a float with exponent', { type: 'number', value: 1.5e-7 }],
  ['true', { type: 'boolean', value: true }],
  ['false', { type: 'boolean', value: false }],
  ['JSON null', { type: 'json', value: null }],
  ['JSON text', { type: 'json', value: '1' }],
  [
    'nested JSON',
    {
      type: 'json',
      value: { list: [1, 'two', null, { deep: [[], {}] }], '': '', 'a b': 1e300, flag: false },
    },
  ],
]

/** Everything that an implementation of {@link SystemConfigRepository} must hold, on a real engine. */
export function systemConfigRepositoryContract(options: SystemConfigContractOptions): void {
  describe('system config repository contract', () => {
    let repository: SystemConfigRepository
    let keys = 0
    const newKey = (name = 'key'): string => `contract.${name}_${(keys += 1)}`

    beforeAll(async () => {
      repository = await options.setup()
    })
    afterAll(async () => {
      await options.teardown?.()
    })

    const put = (
      key: string,
      value: bigint,
      expectedVersion?: number,
      updatedBy = 'alice',
    ): Promise<SystemConfig> =>
      repository.put({
        key,
        setting: { type: 'integer', value },
        ...(expectedVersion === undefined ? {} : { expectedVersion }),
        updatedBy,
        now,
      })

    describe('values', () => {
      it.each(nastyValues)('keeps %s exactly', async (_name, setting) => {
        const key = newKey()
        const stored = await repository.put({ key, setting, updatedBy: 'Zoë #1', now })
        expect(stored).toStrictEqual({ key, setting, version: 1, updatedAt: now, updatedBy: 'Zoë #1' })
        expect(await repository.find({ key })).toStrictEqual(stored)
      })

      it('lets a key change its type', async () => {
        const key = newKey()
        await put(key, 1n)
        await repository.put({ key, setting: { type: 'string', value: '1' }, updatedBy: 'bob', now: later })
        expect((await repository.find({ key }))?.setting).toStrictEqual({ type: 'string', value: '1' })
      })
    })

    describe('versions', () => {
      it('finds null for a key that was never put', async () => {
        expect(await repository.find({ key: newKey() })).toBeNull()
      })

      it('counts from 1 without gaps', async () => {
        const key = newKey()
        const versions = [await put(key, 1n), await put(key, 2n), await put(key, 3n)].map(
          (one) => one.version,
        )
        expect(versions).toStrictEqual([1, 2, 3])
      })

      it('follows the expected version only', async () => {
        const key = newKey()
        await expectConflict(put(key, 1n, 1), 0)
        expect((await put(key, 1n, 0)).version).toBe(1)
        await expectConflict(put(key, 2n, 0, 'bob'), 1)
        await expectConflict(put(key, 2n, 2, 'bob'), 1)
        expect((await put(key, 2n, 1)).version).toBe(2)
        expect((await repository.find({ key }))?.setting).toStrictEqual({ type: 'integer', value: 2n })
      })

      it('gives the version of the same put when it is put again', async () => {
        const key = newKey()
        const first = await put(key, 5n, 0)
        expect(await put(key, 5n, 0)).toStrictEqual(first)
        await put(key, 6n, 1)
        expect(await put(key, 5n, 0)).toStrictEqual(first)
        expect((await repository.find({ key }))?.version).toBe(2)
      })

      it('lets exactly one of 64 concurrent writers win each version', async () => {
        const key = newKey()
        for (const [expectedVersion, writers] of [64, 16].entries()) {
          const outcomes = await Promise.allSettled(
            Array.from({ length: writers }, (_, writer) =>
              put(key, BigInt(writer), expectedVersion, `writer ${writer}`),
            ),
          )
          const won = outcomes.filter((outcome) => outcome.status === 'fulfilled')
          const lost = outcomes.filter((outcome) => outcome.status === 'rejected')
          expect(won).toHaveLength(1)
          expect(lost.every(({ reason }) => isStorageError(reason, 'conflict'))).toBe(true)
          expect((await repository.find({ key }))?.updatedBy).toBe(won[0]?.value.updatedBy)
        }
        const { items } = await repository.listHistory({ key, limit: 10 })
        expect(items.map((item) => item.version)).toStrictEqual([2, 1])
      })

      it('stores every one of 12 concurrent writers that expect nothing', async () => {
        const key = newKey()
        const stored = await Promise.all(
          Array.from({ length: 12 }, (_, writer) => put(key, BigInt(writer), undefined, `writer ${writer}`)),
        )
        const versions = stored.map((one) => one.version).sort((left, right) => left - right)
        expect(versions).toStrictEqual(Array.from({ length: 12 }, (_, index) => index + 1))
        const { items } = await repository.listHistory({ key, limit: 100 })
        expect(new Set(items.map((item) => item.updatedBy)).size).toBe(12)
      })
    })

    describe('history', () => {
      it('gives what changed since a version, oldest first, over pages', async () => {
        const key = newKey()
        for (let version = 1; version <= 5; version += 1) await put(key, BigInt(version))
        const first = await repository.listChanges({ key, afterVersion: 2, limit: 2 })
        expect(first.items.map((item) => item.version)).toStrictEqual([3, 4])
        const rest = await repository.listChanges({
          key,
          afterVersion: 2,
          limit: 9,
          cursor: first.nextCursor,
        })
        expect(rest.items.map((item) => item.version)).toStrictEqual([5])
        expect((await repository.listChanges({ key, afterVersion: 5, limit: 9 })).items).toStrictEqual([])
        await expect(repository.listChanges({ key, afterVersion: -1, limit: 9 })).rejects.toMatchObject({
          code: 'invalid_input',
        })
      })

      it('pages newest first, without gaps or doubles', async () => {
        const key = newKey()
        for (let version = 1; version <= 12; version += 1) await put(key, BigInt(version))
        const seen: number[] = []
        let cursor: string | null = null
        do {
          const page: Awaited<ReturnType<SystemConfigRepository['listHistory']>> =
            await repository.listHistory({
              key,
              limit: 5,
              cursor,
            })
          expect(page.items.length).toBeLessThanOrEqual(5)
          seen.push(...page.items.map((item) => item.version))
          cursor = page.nextCursor
        } while (cursor !== null)
        expect(seen).toStrictEqual([12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1])
      })

      it('is empty for a key that was never put', async () => {
        const page = await repository.listHistory({ key: newKey(), limit: 5 })
        expect(page).toStrictEqual({ items: [], nextCursor: null })
      })

      it('keeps keys apart that begin alike', async () => {
        const key = newKey('alike')
        await put(key, 1n)
        await put(`${key}0`, 2n)
        await put(`${key}.inner`, 3n)
        expect((await repository.listHistory({ key, limit: 10 })).items).toHaveLength(1)
      })

      it('refuses the cursor of another key', async () => {
        const [first, second] = [newKey(), newKey()]
        for (const key of [first, second]) for (const value of [1n, 2n]) await put(key, value)
        const { nextCursor } = await repository.listHistory({ key: first, limit: 1 })
        expect(nextCursor).not.toBeNull()
        await expectInvalid(repository.listHistory({ key: second, limit: 1, cursor: nextCursor }))
      })
    })

    describe('list', () => {
      it('pages the current version of every key in the order of keys', async () => {
        const names = ['list.b', 'list.a_2', 'list.a', 'list.a.inner', 'list.a10', 'list.c']
        for (const key of names) await put(key, 1n)
        await put('list.a', 2n)
        const seen: SystemConfig[] = []
        let cursor: string | null = null
        do {
          const page: Awaited<ReturnType<SystemConfigRepository['list']>> = await repository.list({
            limit: 4,
            cursor,
          })
          seen.push(...page.items)
          cursor = page.nextCursor
        } while (cursor !== null)
        const listed = seen.map((config) => config.key)
        expect(listed).toStrictEqual([...listed].sort())
        expect(new Set(listed).size).toBe(listed.length)
        expect(listed.filter((key) => key.startsWith('list.'))).toStrictEqual([...names].sort())
        expect(seen.find((config) => config.key === 'list.a')?.version).toBe(2)
      })
    })

    describe('bad input', () => {
      const good = { setting: { type: 'boolean', value: true }, updatedBy: 'alice', now } as const
      it.each(['', 'Upper', 'a..b', 'a b', 'a#b', 'ä', `a${'x'.repeat(128)}`])(
        'refuses the key %j',
        async (key) => {
          await expectInvalid(repository.put({ ...good, key }))
          await expectInvalid(repository.find({ key }))
          await expectInvalid(repository.listHistory({ key, limit: 1 }))
        },
      )

      it.each<readonly [string, ConfigValue]>([
        ['2^63', { type: 'integer', value: 9_223_372_036_854_775_808n }],
        ['NaN', { type: 'number', value: Number.NaN }],
        ['Infinity', { type: 'number', value: Number.POSITIVE_INFINITY }],
        ['100,001 characters', { type: 'string', value: 'x'.repeat(100_001) }],
        ['half of a surrogate pair', { type: 'string', value: '\ud800' }],
        ['NaN in JSON', { type: 'json', value: { a: [Number.NaN] } }],
      ])('refuses %s and stores nothing', async (_name, setting) => {
        const key = newKey()
        await expectInvalid(repository.put({ ...good, key, setting }))
        expect(await repository.find({ key })).toBeNull()
      })

      it('refuses an empty name and a version that is no count', async () => {
        const key = newKey()
        await expectInvalid(repository.put({ ...good, key, updatedBy: '' }))
        await expectInvalid(repository.put({ ...good, key, expectedVersion: -1 }))
        await expectInvalid(repository.put({ ...good, key, expectedVersion: 0.5 }))
      })

      it.each([0, -1, 1.5, 10_001])('refuses the limit %d', async (limit) => {
        await expectInvalid(repository.list({ limit }))
        await expectInvalid(repository.listHistory({ key: newKey(), limit }))
      })

      it('refuses a cursor that it never gave', async () => {
        await expectInvalid(repository.list({ limit: 1, cursor: 'bm9uc2Vuc2U' }))
      })
    })

    it('passes the reason of an aborted signal on, unwrapped', async () => {
      const reason = new Error('enough')
      const signal = AbortSignal.abort(reason)
      await expect(repository.find({ key: newKey() }, { signal })).rejects.toBe(reason)
      await expect(repository.list({ limit: 1 }, { signal })).rejects.toBe(reason)
    })
  })
}

async function expectConflict(call: Promise<unknown>, currentVersion: number): Promise<void> {
  await expect(call).rejects.toMatchObject({ code: 'conflict', details: { currentVersion } })
}

async function expectInvalid(call: Promise<unknown>): Promise<void> {
  await expect(call).rejects.toMatchObject({ code: 'invalid_input' })
}
