import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

import { createClock, silentLogger } from '@subnetkit/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { type BundledProgram, bundleProgram } from '../../../packages/core/test/bundle-program.ts'
import { openRedisLanes, type RedisLanes } from '../src/queue/open-redis-lanes.ts'
import { hasRedis, startRedis, type TestRedis } from './fixtures/redis-server.ts'

const LEASE_MS = 1_000

describe.skipIf(!hasRedis)('a worker that is killed in the middle of a job [needs redis]', () => {
  let redis: TestRedis
  let worker: BundledProgram
  let folder: string
  const children: ChildProcess[] = []

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'benchmark-queue-'))
    redis = await startRedis()
    worker = await bundleProgram(join(import.meta.dirname, '..'), join('test', 'fixtures', 'queue-worker.ts'))
  })
  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL')
    await worker[Symbol.asyncDispose]()
    await redis[Symbol.asyncDispose]()
    await rm(folder, { recursive: true, force: true })
  })

  const startWorker = async (): Promise<ChildProcess> => {
    const flags = [worker.main, redis.url, folder, 'kill', `${LEASE_MS}`]
    const child = spawn(process.execPath, flags, { stdio: ['ignore', 'ignore', 'inherit'] })
    children.push(child)
    while (!(await readdir(folder)).includes(`ready-${child.pid ?? 0}`)) await sleep(20)
    return child
  }
  const linesOf = async (name: string): Promise<string[]> =>
    (await readFile(join(folder, name), 'utf8').catch(() => '')).split('\n').filter((line) => line !== '')
  const openProducer = async (): Promise<RedisLanes> => {
    let tokens = 0
    return await openRedisLanes({
      url: redis.url,
      prefix: 'kill',
      kinds: { effect: { lane: 'runs', handle: async () => undefined } },
      concurrency: { runs: 0, days: 0 },
      clock: createClock({ now: () => Date.now(), monotonicMs: () => performance.now() }),
      newToken: () => `producer-${tokens++}`,
      log: silentLogger,
      signal: new AbortController().signal,
      leaseMs: LEASE_MS,
    })
  }

  it('leaves it to another, which finishes it once; nothing is dead', { timeout: 60_000 }, async () => {
    await using producer = await openProducer()
    const first = await startWorker()
    await producer.runs.add({ task: 'effect', jobId: 'a', context: 'a' })
    await producer.runs.add({ task: 'effect', jobId: 'b', context: 'b' })
    while ((await linesOf('begun')).length === 0) await sleep(20)
    first.kill('SIGKILL')
    const second = await startWorker()
    await writeFile(join(folder, 'go'), '')
    expect(await producer.runs.drain()).toMatchObject({ completed: 2, failedCount: 0 })
    expect((await linesOf('ended')).sort()).toEqual(['a', 'b'])
    expect(await linesOf('begun')).toContain(`a ${second.pid ?? 0}`)
    expect((await readdir(folder)).filter((name) => name.startsWith('effect-')).sort()).toEqual([
      'effect-a',
      'effect-b',
    ])
    expect(await producer.runs.listDead({ limit: 10 })).toEqual([])
    second.kill('SIGTERM')
    const code = await new Promise<number | null>((resolve) => {
      second.once('exit', (exit) => resolve(exit))
    })
    expect(code).toBe(0)
  })
})
