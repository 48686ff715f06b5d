import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { createConnection } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'

import { isStorageError, type LogDetails, type StoreCall } from '@subnetkit/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import {
  connectClickHouse,
  createDatabase,
  readConnectionParams,
  tuple,
  withClickHouse,
  type ClickHouseConnection,
  type ConnectOptions,
} from '../src/index.ts'
import { connectFresh, readText } from './connected.ts'
import { describeOnEachEngine } from './engine.ts'

/** Minutes of work on any machine; the marker makes it findable among other tests' queries. */
const heavy = (marker: string): string =>
  `SELECT /* ${marker} */ count(), uniqExact(sipHash64(number, 1)) FROM numbers(100000000000) FORMAT Null`

describeOnEachEngine('a connection', (engine) => {
  let connection: ClickHouseConnection
  const lines: { details: LogDetails; message: string }[] = []
  const calls: StoreCall[] = []
  const keep = (details: LogDetails, message: string): void => void lines.push({ details, message })

  beforeAll(async () => {
    connection = await connectFresh(engine, {
      logger: { debug: keep, warn: keep, error: keep },
      metrics: { storeCalled: (call) => void calls.push(call) },
    })
  })
  afterAll(async () => connection.close())

  async function countRunning(marker: string): Promise<number> {
    const sql = `SELECT count() FROM system.processes WHERE query LIKE '%/* ${marker} */%' AND query NOT LIKE '%processes%' FORMAT TabSeparated`
    return Number(await readText(connection, sql))
  }

  async function waitFor(marker: string, running: number): Promise<void> {
    for (let attempt = 0; attempt < 100; attempt += 1) {
      if ((await countRunning(marker)) === running) return
      await delay(50)
    }
    expect(await countRunning(marker)).toBe(running)
  }

  it('kills an aborted command on the server and passes the reason on unwrapped', async () => {
    const stop = new AbortController()
    const running = connection.command({ sql: heavy('abort-command'), signal: stop.signal })
    const reason = new Error('no longer wanted')
    // Awaited below; until then its rejection must not count as unhandled.
    running.catch(() => {})
    await waitFor('abort-command', 1)
    stop.abort(reason)
    await expect(running).rejects.toBe(reason)
    await waitFor('abort-command', 0)
  })

  it('kills a statement that was aborted before the server knew it', async () => {
    const stop = new AbortController()
    const running = connection.command({ sql: heavy('abort-early'), signal: stop.signal })
    stop.abort('too late')
    await expect(running).rejects.toBe('too late')
    await delay(200)
    expect(await countRunning('abort-early')).toBe(0)
  })

  it('kills a read whose reader leaves early or aborts', async () => {
    const sql =
      'SELECT /* leave */ number, sleepEachRow(0.001) FROM numbers(1000000) SETTINGS max_block_size = 100 FORMAT TabSeparated'
    for await (const chunk of connection.read({ sql })) {
      expect(chunk.length).toBeGreaterThan(0)
      break
    }
    await waitFor('leave', 0)
    const stop = new AbortController()
    const reason = new Error('enough')
    const reading = async (): Promise<void> => {
      for await (const _chunk of connection.read({ sql, signal: stop.signal })) stop.abort(reason)
    }
    await expect(reading()).rejects.toBe(reason)
    await waitFor('leave', 0)
  })

  it('lets the server enforce the time limit', async () => {
    const started = performance.now()
    const limited = connection.command({ sql: heavy('limit'), maxExecutionSeconds: 1 })
    await expect(limited).rejects.toMatchObject({ code: 'timeout', details: { clickhouseCode: 159 } })
    expect(performance.now() - started).toBeLessThan(10_000)
    await waitFor('limit', 0)
  })

  it('gives up a silent socket and kills what hangs behind it', async () => {
    const impatient = await connectClickHouse({ url: engine.url, requestTimeoutMs: 500, attempts: 1 })
    await expect(impatient.command({ sql: heavy('silent') })).rejects.toMatchObject({ code: 'timeout' })
    await waitFor('silent', 0)
    await impatient.close()
  })

  it('logs statement, parameter shapes and time, and never a value', async () => {
    lines.length = 0
    calls.length = 0
    await connection.command({ sql: 'SELECT {key:String}', params: { key: 'sesame' } })
    await expect(connection.command({ sql: 'SELECT nothing' })).rejects.toMatchObject({ code: 'bad_query' })
    expect(lines.map(({ details }) => details)).toMatchObject([
      { operation: 'command', outcome: 'ok', statement: 'SELECT {key:String}', params: { key: 'string(6)' } },
      { operation: 'command', outcome: 'failed', statement: 'SELECT nothing', params: {} },
    ])
    expect(lines.every(({ details }) => Number(details['milliseconds']) > 0)).toBe(true)
    expect(JSON.stringify(lines)).not.toContain('sesame')
    expect(calls).toMatchObject([
      { store: 'clickhouse', operation: 'command', outcome: 'ok' },
      { store: 'clickhouse', operation: 'command', outcome: 'failed' },
    ])
  })

  it('sends every kind of parameter, small and large', async () => {
    const text = `'"\`\\\n\t\0é😀{x:String}`
    const params = {
      a: text,
      b: null,
      c: 2n ** 64n - 1n,
      d: [1, 2],
      e: new Date(-345),
      f: tuple("x'", 7),
      g: ["a'", '\\'],
    }
    const sql = `SELECT {a:String} = '${'\'"`\\\\\\n\\t\\0é😀{x:String}'.replace("'", "\\'")}', {b:Nullable(String)} IS NULL,
      {c:UInt64} = 18446744073709551615, {d:Array(UInt8)} = [1, 2], toUnixTimestamp64Milli({e:DateTime64(3)}),
      {f:Tuple(String, UInt8)} = ('x\\'', 7), {g:Array(String)} = ['a\\'', '\\\\'] FORMAT JSONCompactEachRow`
    for (const padding of [0, 2_000]) {
      const pad = Array.from({ length: padding }, (_unused, index) => `${'p'.repeat(50)}${index}`)
      const chunks: Buffer[] = []
      const statement = {
        sql: sql.replace('FORMAT', `, length({pad:Array(String)}) FORMAT`),
        params: { ...params, pad },
      }
      for await (const chunk of connection.read(statement)) chunks.push(chunk)
      expect(JSON.parse(Buffer.concat(chunks).toString())).toEqual([1, 1, 1, 1, '-345', 1, 1, `${padding}`])
    }
  })

  it('creates databases, harmlessly twice, and serves another database over the same sockets', async () => {
    const name = `${connection.database}_b`
    await Promise.all([createDatabase(connection, name), createDatabase(connection, name)])
    const other = connection.withDatabase(name)
    expect(await readText(other, 'SELECT currentDatabase() FORMAT TabSeparated')).toBe(`${name}\n`)
    expect(await readText(connection, 'SELECT currentDatabase() FORMAT TabSeparated')).toBe(
      `${connection.database}\n`,
    )
    await other.close()
    await connection.command({ sql: `DROP DATABASE ${name} SYNC` })
    expect(() => connection.withDatabase('a b')).toThrow(/not a name/)
  })

  it('closes after its scope whatever happens, and logs a failure of the store once', async () => {
    const errors: LogDetails[] = []
    const logger = {
      debug: () => {},
      warn: () => {},
      error: (details: LogDetails) => void errors.push(details),
    }
    const kept: ClickHouseConnection[] = []
    const reading = withClickHouse({ url: engine.url, logger }, async (scoped) => {
      kept.push(scoped)
      await scoped.command({ sql: 'SELECT 1 FROM absent_table' })
    })
    await expect(reading).rejects.toMatchObject({ code: 'missing_schema' })
    expect(errors).toMatchObject([{ code: 'missing_schema' }])
    const bug = new TypeError('a bug of the caller')
    const failing = async (): Promise<never> => {
      throw bug
    }
    await expect(withClickHouse({ url: engine.url, logger }, failing)).rejects.toBe(bug)
    expect(errors).toHaveLength(1)
    expect(await withClickHouse({ url: engine.url }, async ({ database }) => database)).toBe('default')
    expect(kept).toHaveLength(1)
  })

  it('compresses when told to, and connects with parsed parameters', async () => {
    const params = readConnectionParams({ CLICKHOUSE_URL: engine.url }, { database: connection.database })
    const zipped = await connectClickHouse({ params, compression: true })
    expect(await readText(zipped, "SELECT repeat('x', 100000) FORMAT TabSeparated")).toHaveLength(100_001)
    await zipped.command({ sql: 'CREATE TABLE zipped (a String) ENGINE = Memory' })
    const body = [Buffer.from('["one"]\n["two"]\n')]
    const summary = await zipped.insert({ sql: 'INSERT INTO zipped (a) FORMAT JSONCompactEachRow', body })
    expect(summary.writtenRows).toBe(2)
    await zipped.close()
    await zipped.close()
  })

  it('says wrong credentials, without repeating them', async () => {
    const url = new URL(engine.url)
    url.password = 'open-sesame'
    const failure: unknown = await connectClickHouse({ url: url.href }).catch((error: unknown) => error)
    expect(isStorageError(failure, 'unauthenticated')).toBe(true)
    expect(String(failure)).not.toContain('open-sesame')
  })

  describe('behind a proxy that drops connections', () => {
    let proxy: Server
    let url = ''
    let drops = 0
    let requests = 0

    beforeAll(async () => {
      const target = new URL(engine.url)
      proxy = createServer()
      proxy.on('connection', (socket) => {
        socket.once('data', (first) => {
          requests += 1
          if (drops > 0) {
            drops -= 1
            socket.resetAndDestroy()
            return
          }
          const upstream = createConnection(Number(target.port), target.hostname)
          upstream.write(first)
          socket.pipe(upstream).pipe(socket)
          for (const side of [socket, upstream])
            side.on('error', () => [socket, upstream].map((end) => end.destroy()))
        })
      })
      await once(proxy.listen(0, '127.0.0.1'), 'listening')
      const address = proxy.address()
      const copy = new URL(engine.url)
      copy.port = String(typeof address === 'object' && address !== null ? address.port : 0)
      url = copy.href
    })
    afterAll(() => proxy.close())

    async function connectThrough(sleeps: number[]): Promise<ClickHouseConnection> {
      drops = 0
      const options: ConnectOptions = {
        url,
        random: () => 0.5,
        sleep: async (milliseconds) => void sleeps.push(milliseconds),
        idleSocketMs: 1,
        attempts: 3,
      }
      const proxied = await connectClickHouse(options)
      await delay(20)
      return proxied
    }

    it('repeats reads and repeatable commands, with jittered growing pauses', async () => {
      const sleeps: number[] = []
      await using proxied = await connectThrough(sleeps)
      drops = 2
      expect(await readText(proxied, 'SELECT 7 FORMAT TabSeparated')).toBe('7\n')
      await delay(20)
      drops = 1
      await proxied.command({ sql: 'SELECT 1', isRepeatable: true })
      expect(sleeps).toEqual([50, 100, 50])
    })

    it('does not repeat what might be done twice, and stops after the last attempt', async () => {
      const sleeps: number[] = []
      await using proxied = await connectThrough(sleeps)
      drops = 1
      requests = 0
      await expect(proxied.command({ sql: 'SELECT 1' })).rejects.toMatchObject({
        code: 'unavailable',
        retryable: true,
      })
      expect([requests, sleeps.length]).toEqual([1, 0])
      await delay(20)
      drops = 9
      await expect(readText(proxied, 'SELECT 7')).rejects.toMatchObject({ code: 'unavailable' })
      expect(sleeps).toHaveLength(2)
    })
  })
})

describe('connectClickHouse', () => {
  it('says that nothing listens', async () => {
    const connecting = connectClickHouse({ url: 'http://127.0.0.1:1', sleep: async () => {} })
    await expect(connecting).rejects.toMatchObject({ name: 'StorageError', code: 'unavailable' })
  })

  it.each<[string, object, RegExp]>([
    ['an unknown option', { url: 'http://h', retries: 3 }, /connectClickHouse\.retries: is not an option/],
    ['an option out of range', { url: 'http://h', maxSockets: 0 }, /connectClickHouse\.maxSockets/],
    [
      'a pinned setting',
      { url: 'http://h', settings: { async_insert: 1 } },
      /settings\.async_insert: is pinned/,
    ],
    ['no address', {}, /url: is missing/],
    ['two addresses', { url: 'http://h', params: {} }, /together with params/],
    ['a URL that is none', { url: 'db.example:8123' }, /is not an http/],
    ['no way to the embedded server', { params: readConnectionParams({}) }, /startEmbedded: is missing/],
    ['a bad database name', { url: 'http://h', database: 'a-b' }, /not a name/],
  ])('refuses %s', async (_name, options, message) => {
    await expect(Reflect.apply(connectClickHouse, undefined, [options])).rejects.toThrow(message)
  })

  it('starts the embedded server through the function it was given, and closes it', async () => {
    const events: string[] = []
    const startEmbedded = async (): Promise<{ url: string; close: () => Promise<void> }> => {
      events.push('start')
      return { url: 'http://u:p@127.0.0.1:1', close: async () => void events.push('close') }
    }
    const connecting = connectClickHouse({ params: readConnectionParams({}), startEmbedded, attempts: 1 })
    await expect(connecting).rejects.toMatchObject({ code: 'unavailable' })
    expect(events).toEqual(['start', 'close'])
  })
})
