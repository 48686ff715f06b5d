import { afterAll, beforeAll, expect, it } from 'vitest'
import { z } from 'zod'

import {
  column,
  createDatabase,
  insertRows,
  quoteIdentifier,
  readAll,
  readOne,
  rowCodec,
  type ClickHouseConnection,
} from '../src/index.ts'
import { connectFresh, readText } from './connected.ts'
import { describeOnEachEngine } from './engine.ts'

const hostile = [
  `'; DROP TABLE victims; --`,
  `' OR '1'='1`,
  '`; DROP TABLE victims',
  '") FORMAT Null; DROP TABLE victims',
  '\\',
  "\\'",
  `{id:String}`,
  '{columns}',
  '{table}',
  'x\n\nDROP TABLE victims\n',
  '"]\n["injected',
  '\u0000',
  '/* */ -- #',
  '\\N',
  'NULL',
  '$$',
  '$&',
]
// In backticks, NULL is a name like any other.
const names = [
  ...hostile.filter((text) => text !== 'NULL'),
  '',
  ' ',
  'a b',
  'a.b',
  '1a',
  'é',
  'a-b',
  'a;b',
  'a'.repeat(129),
  '`a`',
]

const victims = rowCodec({
  table: 'victims',
  engine: 'MergeTree',
  schema: z.strictObject({ name: z.string(), tags: z.array(z.string()) }),
  columns: { name: column.string(), tags: column.array(column.string()) },
})

describeOnEachEngine('hostile input', (engine) => {
  let connection: ClickHouseConnection

  beforeAll(async () => {
    connection = await connectFresh(engine)
    await connection.command({
      sql: 'CREATE TABLE victims (name String, tags Array(String)) ENGINE = MergeTree ORDER BY name',
    })
  })
  afterAll(async () => connection.close())

  it('is stored and found as it is', async () => {
    const rows = hostile.map((name) => ({ name, tags: [name, name] }))
    await insertRows(connection, victims, rows, { batchRows: 5 })
    for (const row of rows) {
      const sql = 'SELECT {columns} FROM {table} WHERE name = {name:String} AND has(tags, {name:String})'
      expect(await readAll(connection, victims, { sql, params: { name: row.name } })).toEqual([row])
    }
    expect(await readText(connection, 'SELECT count() FROM victims FORMAT TabSeparated')).toBe(
      `${rows.length}\n`,
    )
  })

  it('passes through arrays of parameters, also through large ones', async () => {
    const sql = 'SELECT {columns} FROM {table} WHERE name IN {names:Array(String)} ORDER BY name'
    for (const filler of [0, 500]) {
      const wanted = [...hostile, ...Array.from({ length: filler }, (_unused, index) => `absent ${index}`)]
      const found = await readAll(connection, victims, { sql, params: { names: wanted } })
      expect(found.map(({ name }) => name).toSorted()).toEqual(hostile.toSorted())
    }
  })

  it.each(names)('never becomes a name: %j', async (name) => {
    expect(() => quoteIdentifier(name)).toThrow(expect.objectContaining({ code: 'invalid_input' }))
    expect(() => connection.withDatabase(name)).toThrow(/not a name/)
    await expect(createDatabase(connection, name)).rejects.toThrow(/not a name/)
  })

  it('is refused as a value of another type', async () => {
    const sql = 'SELECT {columns} FROM {table} WHERE length(name) = {size:UInt64}'
    await expect(readOne(connection, victims, { sql, params: { size: '1 OR 1=1' } })).rejects.toMatchObject({
      code: 'invalid_input',
    })
  })
})
