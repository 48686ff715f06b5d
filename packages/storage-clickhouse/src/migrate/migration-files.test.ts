import { describe, expect, it } from 'vitest'

import { packagedMigrations, parseMigrations, readMigrations } from './migration-files.ts'

const good = {
  name: '0001_create_days.sql',
  sql: '-- Why.\nCREATE TABLE IF NOT EXISTS t (a Int8) ENGINE = Memory;\n',
}

describe('parseMigrations', () => {
  it('sorts, numbers and sums files; line ends do not matter', () => {
    const second = { name: '0002_drop_days.sql', sql: '-- Why.\nDROP TABLE IF EXISTS t' }
    const files = parseMigrations([second, good])
    expect(files.map(({ number, name }) => [number, name])).toEqual([
      [1, good.name],
      [2, second.name],
    ])
    const windows = parseMigrations([{ ...good, sql: good.sql.replaceAll('\n', '\r\n') }])
    expect(windows[0]?.checksum).toBe(files[0]?.checksum)
    expect(files[0]?.checksum).toMatch(/^[0-9a-f]{64}$/)
  })

  it.each([
    ['a gap', [good, { ...good, name: '0003_add_x.sql' }], /0003_add_x\.sql: has number 3, but 0002/],
    ['a repeat', [good, { ...good, name: '0001_other_x.sql' }], /0001_other_x\.sql: has number 1, but 0002/],
    ['a bad name', [{ ...good, name: '1_x.sql' }], /1_x\.sql: is not a migration name/],
    ['no reason', [{ ...good, sql: 'DROP TABLE IF EXISTS t' }], /does not begin with a comment/],
    ['an empty reason', [{ ...good, sql: '--\nDROP TABLE IF EXISTS t' }], /does not begin with a comment/],
    ['no statement', [{ ...good, sql: '-- Why.\n' }], /has no statement/],
    [
      'two statements',
      [{ ...good, sql: '-- Why.\nDROP TABLE IF EXISTS t; DROP TABLE IF EXISTS u' }],
      /more than one/,
    ],
    [
      'CREATE without IF',
      [{ ...good, sql: '-- Why.\nCREATE TABLE t (a Int8) ENGINE = Memory' }],
      /run twice/,
    ],
    ['DROP without IF', [{ ...good, sql: '-- Why.\nDROP TABLE t' }], /run twice/],
    ['ADD COLUMN without IF', [{ ...good, sql: '-- Why.\nALTER TABLE t ADD COLUMN a Int8' }], /run twice/],
    ['INSERT', [{ ...good, sql: '-- Why.\nINSERT INTO t VALUES (1)' }], /run twice/],
    [
      'a copy without versions',
      [{ ...good, sql: '-- Why.\nINSERT INTO t (a, _version) SELECT a, 1 FROM u' }],
      /run twice/,
    ],
  ])('refuses %s, naming the file', (_name, files, message) => {
    expect(() => parseMigrations(files)).toThrow(message)
    expect(() => parseMigrations(files)).toThrow(expect.objectContaining({ name: 'InputError' }))
  })
})

describe('folders', () => {
  it('says which folder cannot be read', async () => {
    await expect(readMigrations('/nowhere/at/all')).rejects.toThrow(/nowhere\/at\/all.*cannot be read/)
  })

  it.each(['../miner', 'absent', ''])('knows no packaged kind %j', async (kind) => {
    await expect(packagedMigrations(kind)).rejects.toMatchObject({ name: 'InputError' })
  })
})
