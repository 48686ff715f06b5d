import { decimalSchema, utcDateSchema } from '@subnetkit/core'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { z } from 'zod'

import { column, insertRows, readAll, rowCodec, type ClickHouseConnection } from '../src/index.ts'
import { everyKindCodec, everyKindRow, everyKindTable, type EveryKind } from './codec-fixture.ts'
import { connectFresh, readText } from './connected.ts'
import { describeOnEachEngine } from './engine.ts'

describeOnEachEngine('the wire', (engine) => {
  let connection: ClickHouseConnection
  let version = 1n

  beforeAll(async () => {
    connection = await connectFresh(engine)
    await connection.command({ sql: everyKindTable })
  })
  afterAll(async () => connection.close())

  async function roundTrip(rows: readonly EveryKind[]): Promise<EveryKind[]> {
    await connection.command({ sql: 'TRUNCATE TABLE every_kind' })
    version += 1n
    await insertRows(connection, everyKindCodec, rows, { version })
    return readAll(connection, everyKindCodec, { sql: 'SELECT {columns} FROM {table} ORDER BY id' })
  }

  it.each<[string, Partial<EveryKind>]>([
    ['the largest 64-bit integers', { wide: 2n ** 64n - 1n, wideSigned: 2n ** 63n - 1n, count: 2 ** 53 - 1 }],
    ['the smallest 64-bit integers', { wide: 0n, wideSigned: -(2n ** 63n), count: 0 }],
    ['integers beyond 2^53', { wide: 2n ** 53n + 1n, wideSigned: -(2n ** 53n) - 1n }],
    ['decimals of 76 digits', { amount: decimalSchema.parse(`-${'9'.repeat(46)}.${'9'.repeat(30)}`) }],
    ['decimals that floats cannot hold', { amount: decimalSchema.parse('0.100000000000000000000000000001') }],
    ['milliseconds', { at: new Date('2025-02-28T23:59:59.999Z'), seenAt: new Date(1) }],
    ['instants before 1970', { at: new Date('1900-01-01T00:00:00.001Z') }],
    ['the last instant', { at: new Date('2299-12-31T23:59:59.999Z') }],
    ['the first and the last day', { day: utcDateSchema.parse('1970-01-01') }],
    ['a day in the last month of Date', { day: utcDateSchema.parse('2149-06-06') }],
    ['null and empty apart', { label: null, text: '' }],
    [
      'quotes, breaks, NUL and controls',
      { text: '\u0000\'"`\\\n\n\r\n\t\u0001\u001f; DROP TABLE every_kind --' },
    ],
    ['unicode outside the first plane', { text: '𝛑 🧪 é e\u0301 \u2028\u2029 \ufeff', label: '表' }],
    ['arrays of nasty texts', { tags: ['', "a'b", 'c"d', '\\', ',', '[', ']', '\n'] }],
    [
      'tuples of nasty values, as arrays',
      {
        shares: [
          {
            hotkey: `"],["'\\`,
            share: -0,
            stake: 2n ** 64n - 1n,
            seenAt: new Date('2299-12-31T23:59:59.999Z'),
          },
          { hotkey: '', share: 0.1 + 0.2, stake: null, seenAt: new Date('1900-01-01T00:00:00.001Z') },
        ],
      },
    ],
    ['json that looks like other types', { extra: { a: ['1', 1, null, true, { b: '\n' }], 'c.d': -0.5 } }],
    ['json null and texts', { extra: 'null' }],
    ['a float of 17 digits', { ratio: 0.1 + 0.2 }],
    ['the smallest float', { ratio: Number.MIN_VALUE }],
    ['the largest float', { ratio: Number.MAX_VALUE }],
    ['minus zero', { ratio: -0 }],
  ])('brings back %s', async (_name, changes) => {
    const row = everyKindRow(changes)
    expect(await roundTrip([row])).toStrictEqual([row])
  })

  it('brings any row back, field by field', async () => {
    const ids = { next: 0 }
    const rows = fc
      .sample(
        fc.record({
          text: fc.string({ unit: 'grapheme', maxLength: 50 }),
          ratio: fc.double({ noNaN: true, noDefaultInfinity: true }),
          wide: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
          at: fc.date({ min: new Date('1900-01-01Z'), max: new Date('2299-12-31Z'), noInvalidDate: true }),
          tags: fc.array(fc.string({ unit: 'grapheme', maxLength: 10 }), { maxLength: 5 }),
          isActive: fc.boolean(),
        }),
        { numRuns: 2_000, seed: 20_250_801 },
      )
      .map((changes) => everyKindRow({ ...changes, id: ids.next++ }))
    expect(await roundTrip(rows)).toStrictEqual(rows)
  })

  it('gives decimals in their shortest form', async () => {
    const [row] = await roundTrip([everyKindRow({ amount: decimalSchema.parse('-0001.5000') })])
    expect(row?.amount).toBe('-1.5')
  })

  it.each([
    ['an unknown field', `INSERT INTO every_kind (id) FORMAT JSONEachRow {"id":1,"idd":2}`, 'invalid_input'],
    [
      'null for a column without null',
      `INSERT INTO every_kind (id, text) FORMAT JSONEachRow {"id":1,"text":null}`,
      'invalid_input',
    ],
    ['a text for a number', `INSERT INTO every_kind (id) FORMAT JSONEachRow {"id":"x"}`, 'invalid_input'],
    [
      'an unknown enum name',
      `INSERT INTO every_kind (severity) FORMAT JSONEachRow {"severity":"huge"}`,
      'invalid_input',
    ],
    ['two statements', 'SELECT 1; SELECT 2', 'bad_query'],
    ['a missing parameter', 'SELECT {absent:String}', 'bad_query'],
  ])('refuses %s', async (_name, sql, code) => {
    await expect(connection.command({ sql })).rejects.toMatchObject({ name: 'StorageError', code })
  })

  it('treats a missing partner of a join as null, and time as UTC', async () => {
    const sql = `SELECT b.x, timezone() FROM (SELECT 1 AS k) AS a LEFT JOIN (SELECT 2 AS k, 'x' AS x) AS b USING k`
    expect(await readText(connection, `${sql} FORMAT TabSeparated`)).toBe('\\N\tUTC\n')
  })

  it('refuses a stored value that the schema does not accept, naming row, field and value', async () => {
    const loose = rowCodec({
      table: 'loose',
      engine: 'MergeTree',
      schema: z.strictObject({ id: z.int().min(0), score: z.number().min(0).max(1) }),
      columns: { id: column.uint32(), score: column.float64() },
    })
    await connection.command({
      sql: 'CREATE TABLE loose (id UInt32, score Float64) ENGINE = MergeTree ORDER BY id',
    })
    await connection.command({ sql: 'INSERT INTO loose VALUES (1, 0.5), (2, 1.5)' })
    const sql = 'SELECT {columns} FROM {table} ORDER BY id'
    await expect(readAll(connection, loose, { sql })).rejects.toMatchObject({
      code: 'corrupt_row',
      message: expect.stringMatching(/^loose, row 2: score: 1\.5 /),
      details: { table: 'loose', row: 2, field: 'score' },
    })
    await connection.command({ sql: 'INSERT INTO loose VALUES (3, nan)' })
    await expect(
      readAll(connection, loose, { sql: 'SELECT {columns} FROM {table} WHERE id = 3' }),
    ).rejects.toMatchObject({ code: 'corrupt_row', message: expect.stringContaining('score: null') })
  })
})
