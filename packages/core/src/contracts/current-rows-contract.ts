import { describe, expect, it } from 'vitest'

import type { CallOptions } from '../repositories/call-options.ts'
import { expectInvalid } from './sample-suite.ts'

/** One repository as two processes have it over the same store. */
export interface TwoWriters<Repository> {
  readonly repository: Repository
  /** Of a process whose clock is an hour behind the other's. */
  readonly behind: Repository
}

/** Fields of a row, and what is special about them. */
export type NamedFields<Row> = readonly [string, Partial<Row>]

/** What tells one aggregate of which every key has one row from another. */
export interface CurrentRowsFixtures<Row extends object, Repository> {
  readonly name: string
  /** A row under a key of its own, unless the fields say which. */
  readonly build: (fields?: Partial<Row>) => Row
  readonly put: (repository: Repository, row: Row, options?: CallOptions) => Promise<void>
  readonly find: (repository: Repository, row: Row, options?: CallOptions) => Promise<Row | null>
  /** Null where the repository has none. */
  readonly get: ((repository: Repository, row: Row) => Promise<Row>) | null
  /** Rows that must come back as they were put. */
  readonly kept: readonly NamedFields<Row>[]
  /** Rows that must be refused, and leave nothing. */
  readonly refused: readonly NamedFields<Row>[]
  /** Another content under the same key. */
  readonly change: Partial<Row>
  /** Each makes another key of a row's. */
  readonly siblings: readonly NamedFields<Row>[]
  /** Questions that must be refused as `invalid_input`. */
  readonly nonsense: (repository: Repository, row: Row) => readonly (() => Promise<unknown>)[]
}

/**
 * What every aggregate must hold of which the row stored last under a key is the one that is read. The suites of the
 * aggregates run it among their own tests; `open` is asked when those run.
 */
export function currentRowsContract<Row extends object, Repository>(
  fixtures: CurrentRowsFixtures<Row, Repository>,
  open: () => TwoWriters<Repository>,
): void {
  const { build, change, find, get, kept, name, nonsense, put, refused, siblings } = fixtures
  describe(`${name}: one row under each key`, () => {
    it('finds nothing where nothing was put', async () => {
      const store = open()
      const row = build()
      expect(await find(store.repository, row)).toBeNull()
      if (get !== null) await expect(get(store.repository, row)).rejects.toMatchObject({ code: 'not_found' })
    })

    it.each<NamedFields<Row>>([['as it is', {}], ...kept])('gives a row back %s', async (_name, fields) => {
      const store = open()
      const row = build(fields)
      await put(store.repository, row)
      expect(await find(store.repository, row)).toStrictEqual(row)
      if (get !== null) expect(await get(store.repository, row)).toStrictEqual(row)
    })

    it('gives what was put last, whichever process put it and whatever its clock says', async () => {
      const row = build()
      const changed = { ...row, ...change }
      const { behind, repository } = open()
      for (const [writer, content] of [
        [repository, row],
        [repository, row],
        [repository, changed],
        [behind, row],
        [behind, changed],
        [behind, row],
        [repository, changed],
        [behind, row],
      ] as const) {
        await put(writer, content)
        expect(await find(repository, row)).toStrictEqual(content)
        expect(await find(behind, row)).toStrictEqual(content)
      }
    })

    it.each(siblings)('keeps rows apart that differ in %s', async (_name, fields) => {
      const store = open()
      const row = build()
      const sibling = { ...row, ...fields }
      await put(store.repository, row)
      expect(await find(store.repository, sibling)).toBeNull()
      await put(store.repository, { ...sibling, ...change })
      expect(await find(store.repository, row)).toStrictEqual(row)
      expect(await find(store.repository, sibling)).toStrictEqual({ ...sibling, ...change })
    })

    it('keeps one of two rows that are put at once, as a whole', async () => {
      const store = open()
      const row = build()
      const changed = { ...row, ...change }
      await Promise.all([put(store.repository, row), put(store.behind, changed)])
      expect([row, changed]).toContainEqual(await find(store.repository, row))
    })

    it.each(refused)('refuses %s and stores nothing', async (_name, fields) => {
      const store = open()
      const row = build()
      await expectInvalid(put(store.repository, { ...row, ...fields }))
      expect(await find(store.repository, row)).toBeNull()
    })

    it('refuses questions that make no sense', async () => {
      const store = open()
      for (const question of nonsense(store.repository, build())) await expectInvalid(question())
    })

    it('passes the reason of an aborted signal on, unwrapped', async () => {
      const store = open()
      const row = build()
      const reason = new Error('enough')
      const aborted = { signal: AbortSignal.abort(reason) }
      await expect(put(store.repository, row, aborted)).rejects.toBe(reason)
      await expect(find(store.repository, row, aborted)).rejects.toBe(reason)
      expect(await find(store.repository, row)).toBeNull()
    })
  })
}
