import { setTimeout as delay } from 'node:timers/promises'

import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { z } from 'zod'

import {
  column,
  createVersionClock,
  insertRows,
  readAll,
  rowCodec,
  type ClickHouseConnection,
} from '../src/index.ts'
import { connectFresh, readText } from './connected.ts'
import { describeOnEachEngine } from './engine.ts'

const schema = z.strictObject({ id: z.int().min(0), score: z.number().min(0).max(1) })
const columns = { id: column.uint32(), score: column.float64() }
const plain = rowCodec({ table: 'plain', engine: 'MergeTree', schema, columns })
const replacing = rowCodec({ table: 'replacing', engine: 'ReplacingMergeTree', schema, columns })

function rowsUpTo(count: number): { id: number; score: number }[] {
  return Array.from({ length: count }, (_unused, id) => ({ id, score: id / count }))
}

describeOnEachEngine('insertRows', (engine) => {
  let connection: ClickHouseConnection

  beforeAll(async () => {
    connection = await connectFresh(engine)
    await connection.command({
      sql: `CREATE TABLE plain (id UInt32, score Float64) ENGINE = MergeTree ORDER BY id
            SETTINGS non_replicated_deduplication_window = 100`,
    })
    await connection.command({
      sql: 'CREATE TABLE replacing (id UInt32, score Float64, _version UInt64) ENGINE = ReplacingMergeTree(_version) ORDER BY id',
    })
  })
  beforeEach(async () => {
    await connection.command({ sql: 'TRUNCATE TABLE plain' })
    await connection.command({ sql: 'TRUNCATE TABLE replacing' })
  })
  afterAll(async () => connection.close())

  async function count(table: string): Promise<number> {
    return Number(await readText(connection, `SELECT count() FROM ${table} FORMAT TabSeparated`))
  }

  it.each([
    ['rows', { batchRows: 10 }, 3],
    ['bytes', { batchBytes: 1_000 }, 1],
    ['rows that fill the last batch', { batchRows: 25 }, 1],
  ])('cuts batches by %s', async (_name, sizes, batches) => {
    expect(await insertRows(connection, plain, rowsUpTo(25), sizes)).toEqual({ rows: 25, batches })
    expect(await count('plain')).toBe(25)
  })

  it('stores nothing for nothing, and a row larger than a batch alone', async () => {
    expect(await insertRows(connection, plain, [])).toEqual({ rows: 0, batches: 0 })
    expect(await insertRows(connection, plain, rowsUpTo(3), { batchBytes: 1 })).toEqual({
      rows: 3,
      batches: 3,
    })
  })

  it('reads a source no faster than the server takes it', async () => {
    const progress = { taken: 0, mostAhead: 0, stored: 0 }
    const counting: ClickHouseConnection = {
      ...connection,
      async insert(statement) {
        const summary = await connection.insert(statement)
        await delay(20)
        progress.stored += 100
        return summary
      },
    }
    async function* source(): AsyncGenerator<{ id: number; score: number }> {
      for (const row of rowsUpTo(1_000)) {
        progress.taken += 1
        progress.mostAhead = Math.max(progress.mostAhead, progress.taken - progress.stored)
        yield row
      }
    }
    await insertRows(counting, plain, source(), { batchRows: 100 })
    expect(await count('plain')).toBe(1_000)
    expect(progress.mostAhead).toBeLessThanOrEqual(201)
  })

  it('refuses a bad row by number, says what was stored, and closes the source', async () => {
    let isClosed = false
    function* source(): Generator<{ id: number; score: number }> {
      try {
        yield* rowsUpTo(15)
        yield { id: 99, score: 1.5 }
      } finally {
        isClosed = true
      }
    }
    await expect(insertRows(connection, plain, source(), { batchRows: 10 })).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringMatching(/^plain, row 16: score: 1\.5 /),
      details: { row: 16, field: 'score', storedRows: 10 },
    })
    expect([await count('plain'), isClosed]).toEqual([10, true])
  })

  it('passes on what a source throws', async () => {
    const bug = new Error('source broke')
    async function* source(): AsyncGenerator<{ id: number; score: number }> {
      yield { id: 1, score: 1 }
      throw bug
    }
    await expect(insertRows(connection, plain, source())).rejects.toBe(bug)
  })

  it('stores the same batches once under one token', async () => {
    const options = { batchRows: 10, dedupToken: 'day-1' }
    await insertRows(connection, plain, rowsUpTo(25), options)
    await insertRows(connection, plain, rowsUpTo(25), options)
    expect(await count('plain')).toBe(25)
    await insertRows(connection, plain, rowsUpTo(25), { ...options, dedupToken: 'day-2' })
    expect(await count('plain')).toBe(50)
  })

  it('replaces by version, whatever the order of arrival', async () => {
    const clock = createVersionClock({ now: () => 1_000, writerId: 1 })
    const [first, second] = [clock.next(), clock.next()]
    await insertRows(connection, replacing, [{ id: 1, score: 0.2 }], { version: second })
    await insertRows(connection, replacing, [{ id: 1, score: 0.1 }], { version: first })
    const read = { sql: 'SELECT {columns} FROM {table} ORDER BY id' }
    expect(await readAll(connection, replacing, read)).toEqual([{ id: 1, score: 0.2 }])
    const twice = [
      { id: 1, score: 0.3 },
      { id: 1, score: 0.4 },
    ]
    await insertRows(connection, replacing, twice, { version: clock })
    expect(await readAll(connection, replacing, read)).toEqual([{ id: 1, score: 0.4 }])
    await expect(insertRows(connection, replacing, twice)).rejects.toThrow(/need a version/)
  })

  it('stops at an abort with its own reason', async () => {
    const stop = new AbortController()
    async function* source(): AsyncGenerator<{ id: number; score: number }> {
      for (const row of rowsUpTo(1_000)) {
        if (row.id === 500) stop.abort('enough')
        yield row
      }
    }
    await expect(
      insertRows(connection, plain, source(), { batchRows: 100, signal: stop.signal }),
    ).rejects.toBe('enough')
    expect(await count('plain')).toBeLessThanOrEqual(500)
  })

  it.each([0, -1, 1.5, Number.NaN])('refuses batches of %d rows', async (batchRows) => {
    await expect(insertRows(connection, plain, rowsUpTo(1), { batchRows })).rejects.toMatchObject({
      code: 'invalid_input',
    })
  })
})
