import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { isStorageError } from '../errors/storage-error.ts'
import type { DayKey } from '../models/day-key.ts'
import type { KeyedRowsRepository } from '../repositories/keyed-rows-repository.ts'
import { utcDate } from './miner-row-builders.ts'

/** What an adapter gives to the suite of one aggregate. */
export interface RepositoryContractOptions<Repository> {
  /** A repository over a store that no other suite writes; called once. */
  readonly setup: () => Promise<Repository>
  readonly teardown?: () => Promise<void>
}

/** What tells one aggregate's rows from another's. */
export interface KeyedRowsFixtures<Row extends DayKey, Key extends DayKey> {
  readonly name: string
  /** A key that no earlier call gave. */
  readonly newKey: (change?: Partial<DayKey>) => Key
  /** Row `number` under a key; different numbers have different natural keys, ascending in natural order. */
  readonly build: (key: Key, number: number) => Row
  /** The same natural key with another content, still at the same place in the order. */
  readonly change: (row: Row) => Row
  /** Rows with values that careless code breaks, in natural order. */
  readonly nasty: (key: Key) => readonly Row[]
}

async function collect<T>(rows: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const row of rows) all.push(row)
  return all
}

/** A fixed order that is neither ascending nor descending. */
function shuffled<T>(rows: readonly T[]): T[] {
  return rows.toSorted(
    (a, b) => ((rows.indexOf(a) * 7 + 3) % rows.length) - ((rows.indexOf(b) * 7 + 3) % rows.length),
  )
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'it was accepted',
    (error: unknown) => (isStorageError(error) ? error.code : String(error)),
  )
}

const MANY = 10_001

/** What every {@link KeyedRowsRepository} must hold, on a real engine. The suites of the aggregates run it. */
export function keyedRowsRepositoryContract<Row extends DayKey, Key extends DayKey>(
  fixtures: KeyedRowsFixtures<Row, Key>,
  options: RepositoryContractOptions<KeyedRowsRepository<Row, Key>>,
): void {
  const { build, change, name, nasty, newKey } = fixtures
  describe(`${name}: rows under a key`, () => {
    let repository: KeyedRowsRepository<Row, Key>
    beforeAll(async () => {
      repository = await options.setup()
    })
    afterAll(async () => {
      await options.teardown?.()
    })
    const rowsOf = (key: Key, count: number): Row[] =>
      Array.from({ length: count }, (_unused, number) => build(key, number))
    const readAll = async (key: Key): Promise<Row[]> => collect(repository.stream({ key }))

    it('stores nothing for no rows', async () => {
      const key = newKey()
      expect(await repository.put({ rows: [] })).toEqual({ rows: 0 })
      expect(await readAll(key)).toEqual([])
      expect(await repository.count({ key })).toBe(0)
      expect(await repository.list({ key, limit: 10 })).toEqual({ items: [], nextCursor: null })
      await repository.remove({ key })
    })

    it('gives one row back exactly', async () => {
      const key = newKey()
      const rows = rowsOf(key, 1)
      expect(await repository.put({ rows })).toEqual({ rows: 1 })
      expect(await readAll(key)).toEqual(rows)
      expect(await repository.list({ key, limit: 1 })).toEqual({ items: rows, nextCursor: null })
    })

    it('gives nasty values back exactly, in natural order', async () => {
      const key = newKey()
      const rows = nasty(key)
      await repository.put({ rows: shuffled(rows) })
      const found = await readAll(key)
      expect(found).toEqual(rows)
      for (const [index, row] of rows.entries()) {
        for (const [field, value] of Object.entries(row)) {
          if (value === 0) expect(Object.is(Reflect.get(found[index] ?? {}, field), value)).toBe(true)
        }
      }
    })

    it('pages nasty values to the end, one by one', async () => {
      const key = newKey()
      const rows = nasty(key)
      await repository.put({ rows })
      expect(await pages(key, 1)).toEqual(rows)
    })

    async function pages(key: Key, limit: number): Promise<Row[]> {
      const all: Row[] = []
      let cursor: string | null = null
      do {
        const page: Awaited<ReturnType<typeof repository.list>> = await repository.list({
          key,
          limit,
          cursor,
        })
        expect(page.items.length).toBeLessThanOrEqual(limit)
        all.push(...page.items)
        cursor = page.nextCursor
        if (all.length > MANY) break
      } while (cursor !== null)
      return all
    }

    it('reads 26 shuffled rows in natural order, with any page size', async () => {
      const key = newKey()
      const rows = rowsOf(key, 26)
      await repository.put({ rows: shuffled(rows) })
      expect(await readAll(key)).toEqual(rows)
      for (const limit of [1, 7, 13, 25, 26, 27, 10_000]) expect(await pages(key, limit)).toEqual(rows)
    })

    it(`stores ${MANY} rows from an async stream and reads them in order`, async () => {
      const key = newKey()
      async function* source(): AsyncGenerator<Row> {
        for (let number = 0; number < MANY; number += 1) yield await Promise.resolve(build(key, number))
      }
      expect(await repository.put({ rows: source() })).toEqual({ rows: MANY })
      expect(await repository.count({ key })).toBe(MANY)
      const found = await readAll(key)
      expect(found.length).toBe(MANY)
      expect(found.at(-1)).toEqual(build(key, MANY - 1))
      expect(found[5_000]).toEqual(build(key, 5_000))
    })

    it('lets a reader leave a long stream early, and goes on working', async () => {
      const key = newKey()
      await repository.put({ rows: rowsOf(key, MANY) })
      for await (const row of repository.stream({ key })) {
        expect(row).toEqual(build(key, 0))
        break
      }
      expect(await repository.count({ key })).toBe(MANY)
    })

    it('stores the same rows twice without doubling them', async () => {
      const key = newKey()
      const rows = rowsOf(key, 26)
      await repository.put({ rows })
      await repository.put({ rows })
      expect(await repository.count({ key })).toBe(26)
      expect(await readAll(key)).toEqual(rows)
    })

    it('replaces a row by its natural key, across calls and within one', async () => {
      const key = newKey()
      const first = build(key, 0)
      await repository.put({ rows: [first, build(key, 1)] })
      await repository.put({ rows: [change(first)] })
      expect(await readAll(key)).toEqual([change(first), build(key, 1)])
      await repository.put({ rows: [change(first), first] })
      expect(await readAll(key)).toEqual([first, build(key, 1)])
    })

    it('keeps networks, dates, windows and versions apart', async () => {
      const keys = [
        newKey(),
        newKey(),
        newKey({ network: 'bittensor_testnet' }),
        newKey({ processingDate: utcDate('2025-09-01') }),
        newKey({ processingDate: utcDate('2025-08-02') }),
        newKey({ windowDays: 7 }),
      ]
      for (const [index, key] of keys.entries()) await repository.put({ rows: rowsOf(key, index + 1) })
      for (const [index, key] of keys.entries()) expect(await readAll(key)).toEqual(rowsOf(key, index + 1))
      const [removed, ...kept] = keys
      if (removed === undefined) return
      await repository.remove({ key: removed })
      expect(await repository.count({ key: removed })).toBe(0)
      for (const [index, key] of kept.entries()) expect(await readAll(key)).toEqual(rowsOf(key, index + 2))
    })

    it('keeps the same version id apart under another network, date or window', async () => {
      const key = newKey()
      const siblings: readonly Key[] = [
        { ...key, network: 'bittensor' },
        { ...key, processingDate: utcDate('2025-08-02') },
        { ...key, windowDays: 90 },
      ]
      await repository.put({ rows: rowsOf(key, 3) })
      for (const sibling of siblings) {
        expect(await repository.count({ key: sibling })).toBe(0)
        await repository.remove({ key: sibling })
        await repository.put({ rows: rowsOf(sibling, 1) })
      }
      await repository.remove({ key: { ...key, windowDays: 90 } })
      for (const [index, sibling] of siblings.entries()) {
        expect(await repository.count({ key: sibling })).toBe(index === 2 ? 0 : 1)
      }
      expect(await readAll(key)).toEqual(rowsOf(key, 3))
    })

    it('can be filled again after a removal, and removes twice without harm', async () => {
      const key = newKey()
      await repository.put({ rows: rowsOf(key, 3) })
      await repository.remove({ key })
      await repository.remove({ key })
      expect(await readAll(key)).toEqual([])
      await repository.put({ rows: rowsOf(key, 2) })
      expect(await readAll(key)).toEqual(rowsOf(key, 2))
    })

    it('keeps what concurrent puts bring', async () => {
      const key = newKey()
      const rows = rowsOf(key, 100)
      const parts = [0, 1, 2, 3].map((part) => rows.filter((_row, index) => index % 4 === part))
      await Promise.all(parts.map(async (part) => repository.put({ rows: part })))
      expect(await readAll(key)).toEqual(rows)
    })

    it('refuses a row that breaks its schema, naming row and field', async () => {
      const key = newKey()
      const rows = [build(key, 0), { ...build(key, 1), windowDays: 0 }]
      const error: unknown = await repository.put({ rows }).catch((problem: unknown) => problem)
      expect(isStorageError(error, 'invalid_input')).toBe(true)
      expect(String(error)).toMatch(/\b2\b/)
      expect(String(error)).toContain('windowDays')
    })

    it('refuses limits and cursors that make no sense', async () => {
      const key = newKey()
      for (const limit of [0, -1, 1.5, 10_001, Number.NaN]) {
        expect(await codeOf(repository.list({ key, limit }))).toBe('invalid_input')
      }
      for (const cursor of ['', 'x', 'W10', '"; --']) {
        expect(await codeOf(repository.list({ key, limit: 1, cursor }))).toBe('invalid_input')
      }
    })

    it("rejects with the signal's own reason when it is aborted beforehand", async () => {
      const key = newKey()
      const reason = new Error('the operator said stop')
      const signal = AbortSignal.abort(reason)
      await expect(repository.put({ rows: rowsOf(key, 1) }, { signal })).rejects.toBe(reason)
      await expect(repository.list({ key, limit: 1 }, { signal })).rejects.toBe(reason)
      await expect(repository.count({ key }, { signal })).rejects.toBe(reason)
      await expect(repository.remove({ key }, { signal })).rejects.toBe(reason)
      await expect(collect(repository.stream({ key }, { signal }))).rejects.toBe(reason)
      expect(await repository.count({ key })).toBe(0)
    })

    it('ends a put and a stream that are aborted on their way', async () => {
      const key = newKey()
      const reason = new Error('enough')
      const writing = new AbortController()
      async function* endless(): AsyncGenerator<Row> {
        for (let number = 0; ; number += 1) {
          if (number === 1_000) writing.abort(reason)
          yield await Promise.resolve(build(key, number))
        }
      }
      await expect(repository.put({ rows: endless() }, { signal: writing.signal })).rejects.toBe(reason)
      await repository.put({ rows: rowsOf(key, MANY) })
      const reading = new AbortController()
      const read = async (): Promise<void> => {
        for await (const _row of repository.stream({ key }, { signal: reading.signal })) reading.abort(reason)
      }
      await expect(read()).rejects.toBe(reason)
    })
  })
}
