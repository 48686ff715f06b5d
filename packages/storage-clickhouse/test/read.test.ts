import { setTimeout as delay } from 'node:timers/promises'

import { afterAll, beforeAll, expect, it } from 'vitest'
import { z } from 'zod'

import {
  column,
  insertRows,
  readAll,
  readBlocks,
  readOne,
  readPage,
  readRows,
  rowCodec,
  rowReader,
  type ClickHouseConnection,
  type PageKey,
} from '../src/index.ts'
import { connectFresh, readText } from './connected.ts'
import { describeOnEachEngine } from './engine.ts'

const schema = z.strictObject({ id: z.int().min(0), group: z.string(), at: z.date(), wide: z.bigint() })
type Thing = z.infer<typeof schema>
const things = rowCodec({
  table: 'things',
  engine: 'ReplacingMergeTree',
  schema,
  columns: { id: column.uint32(), group: column.string(), at: column.dateTime64(), wide: column.uint64() },
})
const numbers = rowReader({
  label: 'numbers',
  schema: z.strictObject({ n: z.int() }),
  columns: { n: column.uint64Number() },
})

const stored: readonly Thing[] = Array.from({ length: 57 }, (_unused, id) => ({
  id,
  group: ['a', "b'\n", 'c\\'][id % 3] ?? '',
  at: new Date(1_000 + Math.floor(id / 2)),
  wide: 2n ** 63n + BigInt(id % 5),
}))

describeOnEachEngine('reading', (engine) => {
  let connection: ClickHouseConnection

  beforeAll(async () => {
    connection = await connectFresh(engine)
    await connection.command({
      sql: `CREATE TABLE things (id UInt32, \`group\` String, at DateTime64(3, 'UTC'), wide UInt64, _version UInt64)
            ENGINE = ReplacingMergeTree(_version) ORDER BY id`,
    })
    // Twice, so that a read without FINAL would see double.
    await insertRows(connection, things, stored, { version: 1n })
    await insertRows(connection, things, stored, { version: 2n })
  })
  afterAll(async () => connection.close())

  it('reads each key once on a Replacing table', async () => {
    expect(await readAll(connection, things, { sql: 'SELECT {columns} FROM {table} ORDER BY id' })).toEqual(
      stored,
    )
    const none = { sql: 'SELECT {columns} FROM {table} WHERE id > {id:UInt32}', params: { id: 1_000 } }
    expect(await readAll(connection, things, none)).toEqual([])
    expect(await readOne(connection, things, none)).toBeNull()
    expect(await readOne(connection, things, { ...none, params: { id: 55 } })).toEqual(stored[56])
  })

  it('keeps every row across blocks and chunks', async () => {
    let sum = 0
    let rows = 0
    for await (const { n } of readRows(connection, numbers, { sql: 'SELECT number FROM numbers(500000)' })) {
      sum += n
      rows += 1
    }
    expect([rows, sum]).toEqual([500_000, (500_000 * 499_999) / 2])
  })

  it('streams in bounded blocks', async () => {
    const sizes: number[] = []
    for await (const block of readBlocks(connection, numbers, {
      sql: 'SELECT number FROM numbers(500000)',
    })) {
      sizes.push(block.length)
    }
    expect(sizes.length).toBeGreaterThan(5)
    expect(Math.max(...sizes)).toBeLessThan(200_000)
  })

  it('kills the query when the loop is left', async () => {
    const sql =
      'SELECT number + sleepEachRow(0.0001) AS n /* left-loop */ FROM numbers(100000000) SETTINGS max_block_size = 30000'
    for await (const { n } of readRows(connection, numbers, { sql })) if (n > 10) break
    const running = `SELECT count() FROM system.processes WHERE query LIKE '%/* left-loop */%' AND query NOT LIKE '%processes%' FORMAT TabSeparated`
    let left = '1\n'
    for (let attempt = 0; attempt < 100 && left !== '0\n'; attempt += 1) {
      left = await readText(connection, running)
      await delay(50)
    }
    expect(left).toBe('0\n')
  })

  it.each([0, 400_000])('reports an error that the server meets after %i rows', async (rows) => {
    const sql = `SELECT number + throwIf(number = ${rows}, 'it broke') FROM numbers(500000) SETTINGS max_block_size = 1000, max_threads = 1`
    const seen = { rows: 0 }
    const reading = async (): Promise<void> => {
      for await (const _row of readRows(connection, numbers, { sql })) seen.rows += 1
    }
    await expect(reading()).rejects.toMatchObject({
      name: 'StorageError',
      message: expect.stringContaining('it broke'),
      details: { clickhouseCode: 395 },
    })
    expect(seen.rows).toBeLessThanOrEqual(rows)
  })

  it('does not take data for an error', async () => {
    const text = 'Code: 395. DB::Exception: not really\r\n__exception__\r\n'
    const texts = rowReader({
      label: 'texts',
      schema: z.strictObject({ t: z.string() }),
      columns: { t: column.string() },
    })
    expect(await readAll(connection, texts, { sql: 'SELECT {text:String}', params: { text } })).toEqual([
      { t: text },
    ])
  })

  const orders: [string, PageKey<Thing>[], (a: Thing, b: Thing) => number][] = [
    ['the key', [{ field: 'id', column: 'id', type: 'UInt32' }], (a, b) => a.id - b.id],
    [
      'three columns in mixed directions',
      [
        { field: 'group', column: 'group', type: 'String', direction: 'desc' },
        { field: 'at', column: 'at', type: "DateTime64(3, 'UTC')" },
        { field: 'id', column: 'id', type: 'UInt32', direction: 'desc' },
      ],
      (a, b) =>
        a.group < b.group ? 1 : a.group > b.group ? -1 : a.at.getTime() - b.at.getTime() || b.id - a.id,
    ],
    [
      'a 64-bit column, then the key',
      [
        { field: 'wide', column: 'wide', type: 'UInt64', direction: 'desc' },
        { field: 'id', column: 'id', type: 'UInt32' },
      ],
      (a, b) => Number(b.wide - a.wide) || a.id - b.id,
    ],
  ]

  it.each(orders)('pages by %s', async (_name, orderBy, compare) => {
    const where = { where: 'id < {below:UInt32} OR id = 56', params: { below: 50 } }
    const expected = stored.filter(({ id }) => id < 50 || id === 56).toSorted(compare)
    for (const limit of [1, 7, 51, 100]) {
      const seen: Thing[] = []
      let cursor: string | null = null
      do {
        const page: { items: readonly Thing[]; nextCursor: string | null } = await readPage(
          connection,
          things,
          {
            ...where,
            orderBy,
            limit,
            cursor,
          },
        )
        seen.push(...page.items)
        cursor = page.nextCursor
      } while (cursor !== null)
      expect(seen).toEqual(expected)
    }
  })

  it.each<[string, { limit?: number; cursor?: string }]>([
    ['limit 0', { limit: 0 }],
    ['limit 10001', { limit: 10_001 }],
    ['limit 1.5', { limit: 1.5 }],
    ['a foreign cursor', { cursor: Buffer.from('["a","b"]').toString('base64url') }],
    ['a hostile cursor', { cursor: Buffer.from(`["1' OR 1=1 --"]`).toString('base64url') }],
  ])('refuses %s', async (_name, changes) => {
    const page = readPage(connection, things, {
      orderBy: [{ field: 'id', column: 'id', type: 'UInt32' }],
      limit: 5,
      ...changes,
    })
    await expect(page).rejects.toMatchObject({ code: 'invalid_input' })
  })
})
