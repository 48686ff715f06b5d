import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, stat, unlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { ClickHouseLogLevel, createClient, type ClickHouseClient } from '@clickhouse/client'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { z } from 'zod'

import { spawnTypeScript, untilGone, type TestProgram } from '../../core/test/spawn-typescript.ts'
import {
  startEmbeddedClickHouse,
  type EmbeddedClickHouse,
} from '../src/embedded/start-embedded-clickhouse.ts'

const isSoak = process.env['SUBNETKIT_SOAK'] === '1'
const userProgram = new URL('embedded-user.ts', import.meta.url)
let root: string
let seen: Set<number>

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'subnetkit-embedded-test-'))
  seen = new Set()
})
afterEach(async () => {
  for (const pid of seen) await untilGone(pid, 20_000)
  await rm(root, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
})

/** Starts or joins, with no linger, and remembers the server so that the test ends only after it. */
async function start(folder = root): Promise<EmbeddedClickHouse> {
  const server = await startEmbeddedClickHouse({ folder, lingerMs: 0 })
  seen.add(server.pid)
  return server
}

async function userOf(program: TestProgram): Promise<{ pid: number; url: string }> {
  const [pid = '', url = ''] = (await program.line()).split(' ')
  seen.add(Number(pid))
  return { pid: Number(pid), url }
}

async function withClient<Result>(
  url: string,
  use: (client: ClickHouseClient) => Promise<Result>,
): Promise<Result> {
  const client = createClient({ url })
  try {
    return await use(client)
  } finally {
    await client.close()
  }
}

/** One column of numbers. */
function numbers(url: string, query: string): Promise<number[]> {
  return withClient(url, async (client) => {
    const answer = await client.query({ query, format: 'JSONCompactEachRow' })
    const rows = z.array(z.tuple([z.coerce.number()])).parse(await answer.json())
    return rows.map(([value]) => value)
  })
}

const BATCH_ROWS = 500

/** Inserts batch after batch; notes each that was acknowledged, and returns what ended it. */
async function insertUntilFailure(client: ClickHouseClient, acknowledged: Set<number>): Promise<unknown> {
  const tried = await client.query({ query: 'SELECT max(batch) FROM alerts', format: 'JSONCompactEachRow' })
  const [[newest]] = z.tuple([z.tuple([z.coerce.number()])]).parse(await tried.json())
  for (let batch = newest + 1; ; batch += 1) {
    const values = Array.from({ length: BATCH_ROWS }, (_, row) => ({ batch, row }))
    try {
      await client.insert({ table: 'alerts', values, format: 'JSONEachRow' })
    } catch (error) {
      return error
    }
    acknowledged.add(batch)
  }
}

it('is a real server in UTC, on loopback, for its own user only', async () => {
  await using server = await start()
  expect(server.version).toMatch(/^\d+\.\d+\./)
  const [text] = await withClient(server.url, async (client) => {
    const answer = await client.query({
      query: 'SELECT timezone(), currentUser()',
      format: 'JSONCompactEachRow',
    })
    return answer.json()
  })
  expect(text).toEqual(['UTC', 'subnetkit'])
  const { origin, port } = new URL(server.url)
  await withClient(server.url, (client) =>
    client.command({ query: 'CREATE TABLE secret (a UInt8) ENGINE = MergeTree ORDER BY a' }),
  )
  const ask = (query: string, headers = {}): Promise<string> =>
    fetch(origin.replace(/\/\/.*@/, '//'), { method: 'POST', body: query, headers }).then((answer) =>
      answer.text(),
    )
  expect(await ask('SELECT * FROM secret')).toMatch(/UNKNOWN_TABLE|ACCESS_DENIED/)
  expect(await ask("SELECT * FROM file('/etc/hostname', LineAsString)")).toContain('ACCESS_DENIED')
  expect(await ask('SELECT 1', { 'X-ClickHouse-User': 'subnetkit', 'X-ClickHouse-Key': 'wrong' })).toContain(
    'AUTHENTICATION_FAILED',
  )
  const listening = await readFile('/proc/net/tcp', 'utf8').catch(() => '')
  const everywhere = `00000000:${Number(port).toString(16).toUpperCase().padStart(4, '0')}`
  expect(listening).not.toContain(everywhere)
})

it('keeps its files to this user, also in a folder with a difficult name', async () => {
  const folder = join(root, `it's a "miner" & <co> ü`, 'x'.repeat(120))
  await using server = await start(folder)
  expect(await numbers(server.url, 'SELECT 1')).toEqual([1])
  expect((await stat(join(folder, 'clickhouse'))).mode & 0o777).toBe(0o700)
  for (const name of ['clickhouse.ready.json', 'users.xml']) {
    expect([name, (await stat(join(folder, 'clickhouse', name))).mode & 0o777]).toEqual([name, 0o600])
  }
})

it('is shared with another process, survives its starter’s kill, and ends after the last user', async () => {
  const program = spawnTypeScript(userProgram, root)
  const other = await userOf(program)
  const server = await start()
  expect(server).toMatchObject(other)
  await program.kill()
  expect(await numbers(server.url, 'SELECT 7')).toEqual([7])
  expect(server.lost.aborted).toBe(false)
  await server.close()
  expect(await untilGone(server.pid, 20_000)).toBeGreaterThan(0)
})

it('gives each folder a server of its own', async () => {
  await using one = await start(join(root, 'one'))
  await using two = await start(join(root, 'two'))
  expect(one.pid).not.toBe(two.pid)
  await withClient(one.url, (client) => client.command({ query: 'CREATE DATABASE only_here' }))
  const query = "SELECT count() FROM system.databases WHERE name = 'only_here'"
  expect(await numbers(one.url, query)).toEqual([1])
  expect(await numbers(two.url, query)).toEqual([0])
})

it(
  'has every acknowledged batch, whole, after a kill of the server during inserts',
  { timeout: 120_000 },
  async () => {
    const rounds = isSoak ? 20 : 2
    const acknowledged = new Set<number>()
    for (let round = 0; round < rounds; round += 1) {
      const server = await start()
      const client = createClient({ url: server.url, log: { level: ClickHouseLogLevel.OFF } })
      await client.command({
        query:
          'CREATE TABLE IF NOT EXISTS alerts (batch UInt32, row UInt32) ENGINE = MergeTree ORDER BY (batch, row)',
      })
      const killAfter = 150 + ((round * 97) % 400)
      const killer = setTimeout(() => process.kill(server.pid, 'SIGKILL'), killAfter)
      const lost = once(server.lost, 'abort')
      const failure = await insertUntilFailure(client, acknowledged)
      expect(failure).toMatchObject({ code: expect.stringMatching(/ECONNRE|EPIPE/) })
      clearTimeout(killer)
      await lost
      await client.close()
    }
    await using server = await start()
    const whole = await numbers(
      server.url,
      `SELECT batch FROM alerts GROUP BY batch HAVING count() = ${BATCH_ROWS} ORDER BY batch`,
    )
    const stored = await numbers(server.url, 'SELECT DISTINCT batch FROM alerts ORDER BY batch')
    expect(stored).toEqual(whole)
    expect(acknowledged.size).toBeGreaterThan(rounds)
    expect([...acknowledged].filter((done) => !whole.includes(done))).toEqual([])
  },
)

it('is one server for processes that start at the same moment', { timeout: 120_000 }, async () => {
  const programs = Array.from({ length: isSoak ? 16 : 4 }, () => spawnTypeScript(userProgram, root))
  const users = await Promise.all(programs.map((program) => userOf(program)))
  expect(new Set(users.map(({ pid }) => pid)).size).toBe(1)
  expect(new Set(users.map(({ url }) => url)).size).toBe(1)
  await Promise.all(programs.map((program) => program.kill()))
  await untilGone(users[0]?.pid ?? 0, 20_000)
})

it.each([
  [
    'stale',
    '{"protocol":1,"name":"clickhouse","pid":1,"leasePort":9,"token":"00000000000000000000000000000000","startedAt":"","info":{}}',
  ],
  ['corrupt', '{"protocol":1,'],
])('starts over a %s ready file', async (_title, text) => {
  await mkdir(join(root, 'clickhouse'), { recursive: true })
  await writeFile(join(root, 'clickhouse', 'clickhouse.ready.json'), text)
  await using server = await start()
  expect(await numbers(server.url, 'SELECT 1')).toEqual([1])
})

it('names a folder on which another ClickHouse works', async () => {
  await using _first = await start()
  // Without these, the running server looks like one that is not ours.
  await unlink(join(root, 'clickhouse', 'clickhouse.lock'))
  await unlink(join(root, 'clickhouse', 'clickhouse.ready.json'))
  await expect(start()).rejects.toMatchObject({
    code: 'locked',
    message: expect.stringContaining(`${join(root, 'clickhouse')}: another ClickHouse works on this folder`),
  })
})

it('names a port that is in use, and one that the running server does not have', async () => {
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  const address = taken.address()
  const port = address !== null && typeof address === 'object' ? address.port : 0
  const asking = startEmbeddedClickHouse({ folder: root, port })
  await expect(asking).rejects.toMatchObject({
    code: 'locked',
    message: expect.stringContaining(`port ${port} is in use`),
  })
  await using server = await start()
  await expect(startEmbeddedClickHouse({ folder: root, port })).rejects.toMatchObject({
    code: 'locked',
    message: expect.stringContaining(`already runs on port ${new URL(server.url).port}`),
  })
  taken.close()
})

it('uses the port that it is given', async () => {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  const port = address !== null && typeof address === 'object' ? address.port : 0
  probe.close()
  await once(probe, 'close')
  await using server = await startEmbeddedClickHouse({ folder: root, port, lingerMs: 0 })
  seen.add(server.pid)
  expect(new URL(server.url).port).toBe(`${port}`)
})

it.each([['chdb'], ['ffi-rs']])('says what to install when %s is missing', async (missing) => {
  const resolveModule = (specifier: string): string => {
    if (specifier.startsWith(missing)) throw new Error('not found')
    return specifier
  }
  await expect(startEmbeddedClickHouse({ folder: root, resolveModule })).rejects.toMatchObject({
    code: 'unavailable',
    retryable: false,
    message: expect.stringMatching(
      new RegExp(`needs the package ${missing}.*npm install chdb ffi-rs.*CLICKHOUSE_URL`),
    ),
  })
})

it('says what to install when the library of this platform is missing', async () => {
  const empty = join(root, 'empty')
  await mkdir(empty)
  process.env['CHDB_LIBCHDB_DIR'] = empty
  try {
    await expect(startEmbeddedClickHouse({ folder: root })).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringMatching(/does not load on .*npm install chdb ffi-rs, or set CLICKHOUSE_URL/),
    })
  } finally {
    delete process.env['CHDB_LIBCHDB_DIR']
  }
})

it.each([
  { port: -1 },
  { port: 65_536 },
  { port: 1.5 },
  { port: Number.NaN },
  { memoryRatio: 0 },
  { memoryRatio: 1 },
])('refuses %o', async (options) => {
  await expect(startEmbeddedClickHouse({ folder: root, ...options })).rejects.toMatchObject({
    name: 'InputError',
  })
})

it('throws the reason of an abort as it is', async () => {
  const reason = new Error('enough')
  await expect(startEmbeddedClickHouse({ folder: root, signal: AbortSignal.abort(reason) })).rejects.toBe(
    reason,
  )
})
