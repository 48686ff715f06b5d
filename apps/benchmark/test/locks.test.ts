import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { createClock, isStorageError } from '@subnetkit/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { openFolderLocks } from '../src/adapters/locks/folder-locks.ts'
import { openLocks } from '../src/adapters/locks/open-locks.ts'
import { openRedisLocks, type RedisLocksOptions } from '../src/adapters/locks/open-redis-locks.ts'
import { connectRedis } from '../src/adapters/redis/connect-redis.ts'
import { type BenchmarkLocks, lockNames } from '../src/ports/locks.ts'
import { hasRedis, startRedis, type TestRedis } from './fixtures/redis-server.ts'

const signal = new AbortController().signal
const clock = createClock({ now: () => Date.now(), monotonicMs: () => performance.now() })

/** What holds for every kind of lock; `open` gives another holder of the same locks each time. */
function locksContract(open: () => Promise<BenchmarkLocks>): void {
  let names = 0
  const fresh = (): string => lockNames.run(`contract-${names++}`)

  it('lets one holder in at a time, also within one process, and the next one after it', async () => {
    await using first = await open()
    await using second = await open()
    const name = fresh()
    let inside = 0
    let most = 0
    const order: number[] = []
    const work = async (locks: BenchmarkLocks, id: number): Promise<void> => {
      await using held = await locks.acquire({ name, waitMs: 20_000, signal })
      expect(held.name).toBe(name)
      inside += 1
      most = Math.max(most, inside)
      await sleep(10)
      order.push(id)
      inside -= 1
    }
    await Promise.all([first, second, first, second, first].map(work))
    expect(most).toBe(1)
    expect([...order].sort()).toEqual([0, 1, 2, 3, 4])
  })

  it('keeps names apart', async () => {
    await using locks = await open()
    await using one = await locks.acquire({ name: fresh(), waitMs: 0, signal })
    await using two = await locks.acquire({ name: fresh(), waitMs: 0, signal })
    expect(one.lost.aborted || two.lost.aborted).toBe(false)
  })

  it('gives up with `locked`, which is not tried again, when the wait is over', async () => {
    await using locks = await open()
    const name = fresh()
    await using _held = await locks.acquire({ name, waitMs: 0, signal })
    const failure: unknown = await locks
      .acquire({ name, waitMs: 120, signal })
      .catch((error: unknown) => error)
    expect(isStorageError(failure, 'locked')).toBe(true)
    expect(failure).toMatchObject({ retryable: false, message: expect.stringContaining(name) })
  })

  it('stops waiting when it is aborted, with the reason', async () => {
    await using locks = await open()
    const name = fresh()
    await using _held = await locks.acquire({ name, waitMs: 0, signal })
    const stop = new AbortController()
    const waiting = locks.acquire({ name, waitMs: 60_000, signal: stop.signal })
    const reason = new Error('enough')
    setTimeout(() => stop.abort(reason), 50)
    await expect(waiting).rejects.toBe(reason)
  })

  it('is free after its holder is disposed of, once or twice, and after the locks are closed', async () => {
    await using other = await open()
    const name = fresh()
    const locks = await open()
    const held = await locks.acquire({ name, waitMs: 0, signal })
    await held[Symbol.asyncDispose]()
    await held[Symbol.asyncDispose]()
    await locks.acquire({ name, waitMs: 0, signal })
    await locks[Symbol.asyncDispose]()
    await using again = await other.acquire({ name, waitMs: 1_000, signal })
    expect(again.lost.aborted).toBe(false)
  })
}

describe('locks of a data folder', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'benchmark-locks-'))
  })
  afterAll(async () => await rm(folder, { recursive: true, force: true }))

  locksContract(async () => openFolderLocks(folder))

  it('lie under the data folder and name the process that holds them', async () => {
    await using one = await openLocks({ dataFolder: folder, redisUrl: null, clock, signal })
    await using two = await openLocks({ dataFolder: folder, redisUrl: null, clock, signal })
    expect(one.reach).toBe('data-folder')
    await using _held = await one.acquire({ name: 'x', waitMs: 0, signal })
    await expect(two.acquire({ name: 'x', waitMs: 0, signal })).rejects.toThrow(`process ${process.pid}`)
  })
})

describe.skipIf(!hasRedis)('locks in Redis [needs redis]', () => {
  let redis: TestRedis
  let tokens = 0
  beforeAll(async () => {
    redis = await startRedis()
  })
  afterAll(async () => await redis[Symbol.asyncDispose]())

  const openWith = async (options: Partial<RedisLocksOptions> = {}): Promise<BenchmarkLocks> =>
    await openRedisLocks({
      url: redis.url,
      newToken: () => `token-${tokens++}`,
      clock,
      signal,
      ...options,
    })

  locksContract(async () => await openWith())

  it('are kept for longer than they live, by renewing them', async () => {
    await using locks = await openWith({ ttlMs: 600 })
    await using other = await openWith({ ttlMs: 600 })
    await using held = await locks.acquire({ name: 'kept', waitMs: 0, signal })
    await expect(other.acquire({ name: 'kept', waitMs: 1_800, signal })).rejects.toThrow('held by another')
    expect(held.lost.aborted).toBe(false)
  })

  it('tell their holder when another took them, and the holder does not free what is not its own', async () => {
    await using locks = await openWith({ ttlMs: 900, keyPrefix: 'taken:' })
    const client = await connectRedis(redis.url, signal)
    const held = await locks.acquire({ name: 'run', waitMs: 0, signal })
    await client.set('taken:run', 'somebody else')
    while (!held.lost.aborted) await sleep(20)
    expect(isStorageError(held.lost.reason, 'locked')).toBe(true)
    expect(held.lost.reason).toMatchObject({ retryable: true })
    await held[Symbol.asyncDispose]()
    expect(await client.get('taken:run')).toBe('somebody else')
    client.disconnect()
  })

  it('of a holder that was killed are free when their time is over', async () => {
    await using other = await openWith()
    const client = await connectRedis(redis.url, signal)
    await client.set('subnetkit:benchmark:lock:orphan', 'a dead process', 'PX', 1_500)
    await expect(other.acquire({ name: 'orphan', waitMs: 0, signal })).rejects.toThrow('held by another')
    await using held = await other.acquire({ name: 'orphan', waitMs: 10_000, signal })
    expect(held.lost.aborted).toBe(false)
    client.disconnect()
  })

  it('tell their holder when Redis is gone for longer than they live', async () => {
    await using own = await startRedis()
    const locks = await openWith({ url: own.url, ttlMs: 600 })
    const held = await locks.acquire({ name: 'gone', waitMs: 0, signal })
    await own.kill()
    while (!held.lost.aborted) await sleep(20)
    expect(isStorageError(held.lost.reason, 'locked')).toBe(true)
    await expect(locks.acquire({ name: 'more', waitMs: 0, signal })).rejects.toMatchObject({
      code: 'unavailable',
      retryable: true,
    })
    await locks[Symbol.asyncDispose]()
  })

  it('are refused with words where there is no Redis, and never show a password', async () => {
    const refused = openWith({ url: 'redis://:secret@127.0.0.1:1' })
    await expect(refused).rejects.toThrow(/Redis at 127\.0\.0\.1:1 does not answer .*correct REDIS_URL/)
    await expect(refused).rejects.not.toThrow('secret')
    await expect(openWith({ url: 'http://:secret@x' })).rejects.toThrow(/^REDIS_URL: is not the URL/)
  })
})
