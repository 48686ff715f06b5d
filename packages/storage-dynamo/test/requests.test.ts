import { isStorageError } from '@subnetkit/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import {
  absent,
  allOf,
  anyOf,
  batchGet,
  batchWrite,
  beginsWith,
  compare,
  defineTable,
  deleteItem,
  exists,
  getItem,
  not,
  NumberValue,
  putItem,
  putItemIfAbsent,
  queryItems,
  streamItems,
  sweepExpired,
  updateItem,
  updateItemIf,
  type BatchWrite,
  type Condition,
  type DynamoConnection,
  type Item,
} from '../src/index.ts'
import { collect } from './collect.ts'
import { describeOnEachEngine } from './engine.ts'
import { openConnection, type TestConnection } from './open-connection.ts'

const table = defineTable({
  name: 'things',
  partitionKey: { name: 'pk', type: 'S' },
  sortKey: { name: 'sk', type: 'N' },
  indexes: [],
  expiryAttribute: null,
})
const leases = defineTable({ ...table, name: 'leases', expiryAttribute: 'expiresAt' })
const now = new Date('2026-02-03T04:05:06.345Z')
const nowSeconds = Math.floor(now.getTime() / 1000)

/** A connection whose batches hand back, or fail, as a script says; what passes goes to the real engine. */
function flaky(
  connection: DynamoConnection,
  script: readonly ('ok' | 'half' | 'none' | 'fail')[],
): DynamoConnection {
  let call = 0
  return {
    ...connection,
    documents: {
      ...connection.documents,
      batchWrite: async (input, options) => {
        const step = script[call++] ?? 'ok'
        if (step === 'fail') throw new Error('network gone')
        const [name, requests = []] = Object.entries(input.RequestItems ?? {})[0] ?? ['']
        const kept = step === 'ok' ? requests.length : step === 'half' ? Math.ceil(requests.length / 2) : 0
        const sent = { ...input, RequestItems: { [name]: requests.slice(0, kept) } }
        const output = kept === 0 ? { $metadata: {} } : await connection.documents.batchWrite(sent, options)
        return {
          ...output,
          UnprocessedItems: kept === requests.length ? {} : { [name]: requests.slice(kept) },
        }
      },
      batchGet: async (input, options) => {
        const step = script[call++] ?? 'ok'
        if (step === 'fail') throw new Error('network gone')
        const [name, request] = Object.entries(input.RequestItems ?? {})[0] ?? ['']
        const keys = request?.Keys ?? []
        const kept = step === 'ok' ? keys.length : Math.ceil(keys.length / 2)
        const sent = { RequestItems: { [name]: { ...request, Keys: keys.slice(0, kept) } } }
        const output = await connection.documents.batchGet(sent, options)
        return kept === keys.length
          ? output
          : { ...output, UnprocessedKeys: { [name]: { Keys: keys.slice(kept) } } }
      },
    },
  }
}

describeOnEachEngine('requests', (engine) => {
  let opened: TestConnection
  let connection: DynamoConnection
  let partitions = 0
  const newPartition = (): string => `p${(partitions += 1)}`
  const backoff = { baseDelayMs: 1, maxDelayMs: 2, maxAttempts: 4 }
  const putsOf = (pk: string, count: number): BatchWrite[] =>
    Array.from({ length: count }, (_, sk) => ({ table, put: { pk, sk, text: `item ${sk}` } }))
  const countOf = async (pk: string): Promise<number> =>
    (await collect(streamItems({ connection, table, partition: pk, pageSize: 100 }))).length

  beforeAll(async () => {
    opened = await openConnection(engine, [table, leases])
    connection = opened.connection
  })
  afterAll(async () => {
    await opened.close()
  })

  describe('the wire', () => {
    it('gives numbers as exact text, and takes them back unchanged', async () => {
      const item = {
        pk: newPartition(),
        sk: 1,
        exact: 12345678901234567890123456789012345678n,
        small: NumberValue.from('1e-130'),
      }
      await putItem({ connection, table, item })
      const read = await getItem({ connection, table, key: { pk: item.pk, sk: 1 } })
      expect(read?.['exact']).toStrictEqual(NumberValue.from('12345678901234567890123456789012345678'))
      expect(Number(String(read?.['small']))).toBe(1e-130)
      await putItem({ connection, table, item: { ...read, sk: 2 } })
      const copy = await getItem({ connection, table, key: { pk: item.pk, sk: 2 } })
      expect(copy?.['exact']).toStrictEqual(read?.['exact'])
    })

    it.each([
      ['38 digits', 99999999999999999999999999999999999999n, '99999999999999999999999999999999999999'],
      ['38 digits below zero', -(10n ** 38n - 1n), '-99999999999999999999999999999999999999'],
      ['2^63', 2n ** 63n, '9223372036854775808'],
      ['2^64 − 1', 2n ** 64n - 1n, '18446744073709551615'],
      ['2^53 − 1', Number.MAX_SAFE_INTEGER, '9007199254740991'],
      ['38 digits behind the point', NumberValue.from(`0.${'1'.repeat(38)}`), `0.${'1'.repeat(38)}`],
    ])('keeps %s unrounded', async (_name, exact, text) => {
      const key = { pk: newPartition(), sk: 1 }
      await putItem({ connection, table, item: { ...key, exact, set: new Set([exact]) } })
      const read = await getItem({ connection, table, key })
      expect(String(read?.['exact'])).toBe(text)
      const set: unknown = read?.['set']
      expect(set instanceof Set ? [...set].map(String) : set).toStrictEqual([text])
    })

    it('keeps 1e-7 exactly, whichever way the engine writes it', async () => {
      const key = { pk: newPartition(), sk: 1 }
      await putItem({ connection, table, item: { ...key, small: 1e-7 } })
      const read = await getItem({ connection, table, key })
      expect(Number(String(read?.['small']))).toBe(1e-7)
    })

    it.each<readonly [string, Item]>([
      ['PutItem Item.lost', { lost: undefined }],
      ['PutItem Item.list[1].lost', { list: [1, { lost: undefined }] }],
      ['PutItem Item.map.deep.lost', { map: { deep: { lost: undefined } } }],
      ['PutItem Item.large', { large: 2 ** 53 }],
      ['PutItem Item.list[0]', { list: [Number.NaN] }],
    ])('refuses what cannot be stored as it is, at %s, before anything is sent', async (path, fields) => {
      const key = { pk: newPartition(), sk: 1 }
      await expect(putItem({ connection, table, item: { ...key, ...fields } })).rejects.toMatchObject({
        code: 'invalid_input',
        details: { path },
      })
      expect(await getItem({ connection, table, key })).toBeNull()
    })
  })

  describe('conditions', () => {
    it('put if absent: one of many wins', async () => {
      const pk = newPartition()
      const won = await Promise.all(
        Array.from({ length: 16 }, (_, writer) =>
          putItemIfAbsent({ connection, table, item: { pk, sk: 0, writer } }),
        ),
      )
      expect(won.filter(Boolean)).toHaveLength(1)
    })

    it.each<readonly [string, Condition, boolean]>([
      ['exists', exists('size'), true],
      ['absent', absent('size'), false],
      ['=', compare('size', '=', 5), true],
      ['<> on another value', compare('status', '<>', 'pending'), false],
      ['< on a reserved word', compare('size', '<', 5), false],
      ['begins with', beginsWith('status', 'pen'), true],
      ['all of', allOf(exists('size'), compare('size', '>=', 5)), true],
      ['any of', anyOf(absent('size'), compare('size', '>', 9)), false],
      ['not', not(absent('size')), true],
      ['a value that looks like an expression', compare('status', '=', 'x OR attribute_exists(pk)'), false],
      ['a name that looks like an expression', exists('pk) OR attribute_exists(pk'), false],
    ])('%s', async (_name, condition, holds) => {
      const key = { pk: newPartition(), sk: 1 }
      await putItem({ connection, table, item: { ...key, size: 5, status: 'pending' } })
      const changed = await updateItemIf({
        connection,
        table,
        key,
        change: { set: { hit: true } },
        condition,
      })
      expect(changed !== null).toBe(holds)
    })

    it('changes, adds and removes in one step', async () => {
      const key = { pk: newPartition(), sk: 1 }
      await putItem({ connection, table, item: { ...key, total: 1, old: 'x' } })
      const change = { set: { name: 'n' }, add: { total: 2n, fresh: 1 }, remove: ['old'] }
      expect(await updateItem({ connection, table, key, change })).toStrictEqual({
        pk: key.pk,
        sk: NumberValue.from('1'),
        name: 'n',
        total: NumberValue.from('3'),
        fresh: NumberValue.from('1'),
      })
      await expect(updateItem({ connection, table, key, change: {} })).rejects.toMatchObject({
        code: 'bad_query',
      })
      const twice = { set: { a: 1 }, remove: ['a'] }
      await expect(updateItem({ connection, table, key, change: twice })).rejects.toMatchObject({
        code: 'bad_query',
      })
    })

    it('says what a removal did', async () => {
      const key = { pk: newPartition(), sk: 1 }
      const params = { connection, table, key }
      expect(await deleteItem(params)).toBe('absent')
      await putItem({ connection, table, item: { ...key, owner: 'a' } })
      expect(await deleteItem({ ...params, condition: compare('owner', '=', 'b') })).toBe('kept')
      expect(await deleteItem({ ...params, condition: compare('owner', '=', 'a') })).toBe('removed')
    })
  })

  describe('paging', () => {
    it('follows the continuation key through pages, ranges and both orders', async () => {
      const partition = newPartition()
      await batchWrite({ connection, writes: putsOf(partition, 30) })
      const read = async (query: object): Promise<readonly number[]> =>
        (await collect(streamItems({ connection, table, partition, pageSize: 7, ...query }))).map((item) =>
          Number(String(item['sk'])),
        )
      const all = Array.from({ length: 30 }, (_, index) => index)
      expect(await read({})).toStrictEqual(all)
      expect(await read({ order: 'descending' })).toStrictEqual(all.toReversed())
      expect(await read({ range: { from: 5, to: 9 } })).toStrictEqual([5, 6, 7, 8, 9])
      expect(await read({ range: { equals: 4 } })).toStrictEqual([4])
    })

    it('refuses a cursor of another partition, order or range', async () => {
      const partition = newPartition()
      await batchWrite({ connection, writes: putsOf(partition, 3) })
      const { nextCursor: cursor } = await queryItems({ connection, table, partition, limit: 1 })
      const params = { connection, table, partition, limit: 1, cursor }
      expect((await queryItems(params)).items).toHaveLength(1)
      for (const change of [
        { partition: 'q' },
        { order: 'descending' },
        { range: { from: 0, to: 1 } },
      ] as const) {
        await expect(queryItems({ ...params, ...change })).rejects.toMatchObject({ code: 'invalid_input' })
      }
    })
  })

  describe('batches', () => {
    it.each([0, 1, 25, 26, 101])('write and read %d items', async (count) => {
      const pk = newPartition()
      await batchWrite({ connection, writes: putsOf(pk, count) })
      expect(await countOf(pk)).toBe(count)
      const keys = Array.from({ length: count + 1 }, (_, sk) => ({ pk, sk })).toReversed()
      const items = await batchGet({ connection, table, keys })
      expect(items.map((item) => (item === null ? null : item['text']))).toStrictEqual([
        null,
        ...Array.from({ length: count }, (_, sk) => `item ${sk}`).toReversed(),
      ])
    })

    it('resends what comes back until all is stored', async () => {
      const pk = newPartition()
      await batchWrite({
        connection: flaky(connection, ['half', 'none', 'half', 'half']),
        writes: putsOf(pk, 30),
        backoff,
      })
      expect(await countOf(pk)).toBe(30)
      const keys = Array.from({ length: 30 }, (_, sk) => ({ pk, sk }))
      const items = await batchGet({ connection: flaky(connection, ['half', 'half']), table, keys, backoff })
      expect(items.every((item) => item !== null)).toBe(true)
    })

    it('ends with the keys that are left when tries run out or a request fails', async () => {
      const pk = newPartition()
      const writes = putsOf(pk, 60)
      const failing = flaky(connection, ['half', 'fail'])
      const error: unknown = await batchWrite({ connection: failing, writes, backoff }).catch(
        (reason: unknown) => reason,
      )
      if (!isStorageError(error, 'incomplete_batch')) throw error
      const left = error.details['left']
      if (!Array.isArray(left)) throw error
      expect(left).toHaveLength(12 + 35)
      expect(left[0]).toStrictEqual({ table: 'things', key: { pk, sk: 13 } })
      expect(await countOf(pk)).toBe(13)
      await batchWrite({ connection, writes })
      expect(await countOf(pk)).toBe(60)

      const never = flaky(
        connection,
        Array.from({ length: 9 }, () => 'none' as const),
      )
      await expect(
        batchWrite({ connection: never, writes: putsOf(newPartition(), 2), backoff }),
      ).rejects.toMatchObject({
        code: 'incomplete_batch',
        retryable: true,
        details: { total: 2 },
      })
      const keys = [{ pk, sk: 1 }]
      await expect(batchGet({ connection: flaky(connection, ['fail']), table, keys })).rejects.toMatchObject({
        code: 'incomplete_batch',
        details: { left: keys, total: 1 },
      })
    })

    it.each<readonly [string, (pk: string) => readonly Item[]]>([
      [
        'a key twice',
        (pk) => [
          { pk, sk: 1 },
          { pk, sk: NumberValue.from('1.0') },
        ],
      ],
      [
        'an item beyond 400 KB',
        (pk) => [
          { pk, sk: 1 },
          { pk, sk: 2, text: 'x'.repeat(410_000) },
        ],
      ],
      ['an item without key', (pk) => [{ pk, sk: 1 }, { pk }]],
      [
        'undefined',
        (pk) => [
          { pk, sk: 1 },
          { pk, sk: 2, lost: undefined },
        ],
      ],
    ])('refuse %s, and store nothing', async (_name, items) => {
      const pk = newPartition()
      const writes = items(pk).map((put) => ({ table, put }))
      await expect(batchWrite({ connection, writes })).rejects.toMatchObject({ code: 'invalid_input' })
      expect(await countOf(pk)).toBe(0)
    })

    it('pass an abort on, unwrapped', async () => {
      const signal = AbortSignal.abort(new Error('enough'))
      await expect(batchWrite({ connection, writes: putsOf(newPartition(), 1) }, { signal })).rejects.toThrow(
        'enough',
      )
    })
  })

  describe('expired items', () => {
    it('are never shown, and a sweep removes them and nothing else', async () => {
      const pk = newPartition()
      const items = [
        { pk, sk: 1, expiresAt: nowSeconds },
        { pk, sk: 2, expiresAt: nowSeconds + 1 },
        { pk, sk: 3 },
      ]
      // Their clock may be past ours: items that are long expired vanish from engines with native expiry.
      for (const item of items) await putItem({ connection, table: leases, item })
      const target = { connection, table: leases, now }
      const shown = await collect(streamItems({ ...target, partition: pk, pageSize: 2 }))
      expect(shown.map((item) => Number(String(item['sk']))).filter((sk) => sk === 1)).toStrictEqual([])
      expect(await getItem({ ...target, key: { pk, sk: 1 } })).toBeNull()
      const keys = [1, 3].map((sk) => ({ pk, sk }))
      expect((await batchGet({ ...target, keys })).map((item) => item !== null)).toStrictEqual([false, true])

      let removed = 0
      let cursor: string | null = null
      do {
        const step: Awaited<ReturnType<typeof sweepExpired>> = await sweepExpired({
          ...target,
          limit: 2,
          cursor,
        })
        removed += step.removed
        cursor = step.nextCursor
      } while (cursor !== null)
      // An engine with an expiry of its own may have been first.
      expect(engine.supportsTtl ? [0, 1] : [1]).toContain(removed)
      expect(await getItem({ ...target, now: new Date(0), key: { pk, sk: 1 } })).toBeNull()
      expect(await getItem({ ...target, key: { pk, sk: 3 } })).not.toBeNull()
    })

    it('cannot be read without now', async () => {
      const key = { pk: newPartition(), sk: 1 }
      await putItem({ connection, table: leases, item: key })
      await expect(getItem({ connection, table: leases, key })).rejects.toMatchObject({ code: 'bad_query' })
    })
  })
})
