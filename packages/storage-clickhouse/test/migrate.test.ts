import { readdir } from 'node:fs/promises'

import { afterEach, expect, it } from 'vitest'

import {
  checkTables,
  migrate,
  migrationStatus,
  packagedMigrations,
  type ClickHouseConnection,
} from '../src/index.ts'
import { parseMigrations, readMigrations } from '../src/migrate/migration-files.ts'
import { everyKindCodec, everyKindTable } from './codec-fixture.ts'
import { connectFresh, readText } from './connected.ts'
import { describeOnEachEngine } from './engine.ts'

const why = '-- Because the test wants it.\n'
const texts = [
  {
    name: '0001_create_days.sql',
    sql: `${why}CREATE TABLE IF NOT EXISTS days (day Date) ENGINE = MergeTree ORDER BY day;`,
  },
  {
    name: '0002_add_days_weight.sql',
    sql: `${why}ALTER TABLE days ADD COLUMN IF NOT EXISTS weight Float64 DEFAULT 1`,
  },
  {
    name: '0003_create_light_days.sql',
    sql: `${why}CREATE VIEW IF NOT EXISTS light_days AS SELECT day FROM days WHERE weight < 1`,
  },
  {
    name: '0004_add_days_note.sql',
    sql: `${why}ALTER TABLE days ADD COLUMN IF NOT EXISTS note String DEFAULT '; -- no end'`,
  },
]
const files = parseMigrations(texts)
const now = (): Date => new Date('2025-08-01T10:00:00.123Z')

describeOnEachEngine('migrate', (engine) => {
  const open: ClickHouseConnection[] = []
  afterEach(async () => {
    await Promise.all(open.splice(0).map(async (connection) => connection.close()))
  })

  async function fresh(): Promise<ClickHouseConnection> {
    const connection = await connectFresh(engine)
    open.push(connection)
    return connection
  }

  async function describeDays(connection: ClickHouseConnection): Promise<string> {
    return readText(
      connection,
      `SELECT table, name, type FROM system.columns WHERE database = currentDatabase() AND table != 'schema_migrations'
       ORDER BY table, position FORMAT TabSeparated`,
    )
  }

  it('brings an empty database to the newest file, and does nothing the second time', async () => {
    const connection = await fresh()
    expect(await migrate(connection, { files, now })).toEqual({
      applied: texts.map(({ name }) => name),
      unchanged: 0,
    })
    expect(await describeDays(connection)).toBe(
      'days\tday\tDate\ndays\tweight\tFloat64\ndays\tnote\tString\nlight_days\tday\tDate\n',
    )
    const later = (): Date => new Date('2026-01-01T00:00:00.000Z')
    expect(await migrate(connection, { files, now: later })).toEqual({ applied: [], unchanged: 4 })
    expect(await migrationStatus(connection, { files })).toEqual({
      isCurrent: true,
      entries: texts.map(({ name }, index) => ({
        number: index + 1,
        name,
        state: 'applied',
        appliedAt: now(),
      })),
    })
  })

  it('creates a database that is missing', async () => {
    const connection = await fresh()
    const missing = connection.withDatabase(`${connection.database}_new`)
    expect((await migrationStatus(missing, { files })).isCurrent).toBe(false)
    await migrate(missing, { files, now })
    expect((await migrationStatus(missing, { files })).isCurrent).toBe(true)
    await connection.command({ sql: `DROP DATABASE ${missing.database} SYNC` })
  })

  it.each([1, 2, 3])('goes on from file %i', async (number) => {
    const connection = await fresh()
    await migrate(connection, { files: files.slice(0, number), now })
    const result = await migrate(connection, { files, now })
    expect(result).toEqual({ applied: texts.slice(number).map(({ name }) => name), unchanged: number })
    expect(await describeDays(connection)).toContain('light_days\tday\tDate')
  })

  it('changes nothing in a dry run', async () => {
    const connection = await fresh()
    const result = await migrate(connection, { files, now, dryRun: true })
    expect(result.applied).toHaveLength(4)
    expect(await readText(connection, 'SHOW TABLES FORMAT TabSeparated')).toBe('')
  })

  it('is safe when eight processes start at once', async () => {
    const connection = await fresh()
    const results = await Promise.all(
      Array.from({ length: 8 }, async () => migrate(connection, { files, now })),
    )
    expect(results.some(({ applied }) => applied.length === 4)).toBe(true)
    expect((await migrationStatus(connection, { files })).isCurrent).toBe(true)
    const once = await fresh()
    await migrate(once, { files, now })
    expect(await describeDays(connection)).toBe(await describeDays(once))
    expect(
      await readText(connection, 'SELECT count() FROM schema_migrations FINAL FORMAT TabSeparated'),
    ).toBe('4\n')
  })

  it('finishes what a process that died half-way began', async () => {
    const connection = await fresh()
    await migrate(connection, { files: files.slice(0, 1), now })
    // It ran the statement of 0002 and died before the ledger said so.
    await connection.command({ sql: files[1]?.sql ?? '' })
    expect((await migrate(connection, { files, now })).applied).toHaveLength(3)
  })

  it('refuses an edited file, a renamed one and a database of a newer release, naming the file', async () => {
    const connection = await fresh()
    await migrate(connection, { files, now })
    const edited = parseMigrations(
      texts.map((file, index) => (index === 1 ? { ...file, sql: `${file.sql} ` } : file)),
    )
    await expect(migrate(connection, { files: edited, now })).rejects.toMatchObject({
      name: 'InputError',
      message: expect.stringMatching(/0002_add_days_weight\.sql: was edited .*0005_/),
    })
    const renamed = parseMigrations(
      texts.map((file, index) => (index === 1 ? { ...file, name: '0002_add_days_mass.sql' } : file)),
    )
    await expect(migrate(connection, { files: renamed, now })).rejects.toThrow(
      /under the name 0002_add_days_weight/,
    )
    await expect(migrationStatus(connection, { files: files.slice(0, 3) })).rejects.toThrow(
      /0004_add_days_note\.sql: was applied.*update this one/,
    )
  })

  it.each(['miner', 'benchmark', 'benchmark-miner'])(
    'reads the packaged files of %s, and each applies',
    async (kind) => {
      const folder = await packagedMigrations(kind)
      const connection = await fresh()
      const { applied } = await migrate(connection, { folder, now })
      expect(applied).toEqual((await readdir(folder)).filter((name) => name.endsWith('.sql')).toSorted())
      expect(applied.length).toBeGreaterThan(0)
      expect(await readMigrations(folder)).toHaveLength(applied.length)
    },
  )

  it('finds drift between a codec and its table', async () => {
    const connection = await fresh()
    await expect(checkTables(connection, [everyKindCodec])).rejects.toThrow(
      /table every_kind is missing; run the migrations/,
    )
    await connection.command({ sql: everyKindTable })
    await checkTables(connection, [everyKindCodec])
    await connection.command({ sql: 'ALTER TABLE every_kind DROP COLUMN tags, MODIFY COLUMN small UInt16' })
    await expect(checkTables(connection, [everyKindCodec])).rejects.toMatchObject({
      code: 'missing_schema',
      details: {
        differences: ['column every_kind.small is UInt16, not UInt8', 'column every_kind.tags is missing'],
      },
    })
  })

  it('passes an abort on as it is', async () => {
    const connection = await fresh()
    const reason = new Error('shutting down')
    await expect(migrate(connection, { files, now, signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
  })
})
