import { setTimeout as sleep } from 'node:timers/promises'

import { createClock, isStorageError, type JobHandler, silentLogger } from '@subnetkit/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { JobKinds, JobLanes } from '../src/ports/job-lanes.ts'
import { openInProcessLanes } from '../src/queue/open-benchmark-queue.ts'
import { openRedisLanes, type RedisLanes } from '../src/queue/open-redis-lanes.ts'
import { chooseSchedules, scheduledStart } from '../src/queue/schedule.ts'
import { hasRedis, startRedis, type TestRedis } from './fixtures/redis-server.ts'

const clock = createClock({ now: () => Date.now(), monotonicMs: () => performance.now() })

interface Opening {
  readonly kinds: JobKinds
  readonly concurrency?: number
  readonly signal?: AbortSignal
}

type Open = (opening: Opening) => Promise<JobLanes>

const runs = (handle: JobHandler): JobKinds => ({ work: { lane: 'runs', handle } })
const job = (jobId: string, context: unknown = jobId) => ({ task: 'work', jobId, context })

/** A gate that a handler waits at. */
function gate(): { readonly passed: Promise<void>; open: () => void } {
  let open = (): void => undefined
  const passed = new Promise<void>((resolve) => {
    open = resolve
  })
  return { passed, open: () => open() }
}

/** What holds for jobs wherever they wait. */
function queueContract(open: Open): void {
  it('does each job once, never more at a time than allowed, and reports them', async () => {
    const seen: unknown[] = []
    let inside = 0
    let most = 0
    const kinds = runs(async (context) => {
      most = Math.max(most, ++inside)
      await sleep(20)
      seen.push(context)
      inside -= 1
    })
    await using lanes = await open({ kinds, concurrency: 2 })
    for (let at = 0; at < 6; at++) {
      const added = await lanes.runs.add(job(`run torus 2025-08-0${at}: 7`, { at, text: '5G"/:%' }))
      expect(added).toEqual({ jobId: `run torus 2025-08-0${at}: 7`, accepted: true })
    }
    expect(await lanes.runs.drain()).toEqual({ completed: 6, failedCount: 0, failed: [], dropped: [] })
    expect(seen).toHaveLength(6)
    expect(seen).toContainEqual({ at: 3, text: '5G"/:%' })
    expect(most).toBeLessThanOrEqual(2)
    expect(await lanes.runs.counts()).toEqual({ waiting: 0, running: 0 })
  })

  it('takes a job once while it waits or runs, and again when it is done', async () => {
    const door = gate()
    const begun = gate()
    let times = 0
    await using lanes = await open({
      kinds: runs(async () => {
        times += 1
        begun.open()
        await door.passed
      }),
    })
    expect((await lanes.runs.add(job('a'))).accepted).toBe(true)
    expect((await lanes.runs.add(job('b'))).accepted).toBe(true)
    await begun.passed
    expect((await lanes.runs.add(job('a'))).accepted).toBe(false)
    expect((await lanes.runs.add(job('b'))).accepted).toBe(false)
    expect(await lanes.runs.counts()).toEqual({ waiting: 1, running: 1 })
    door.open()
    await lanes.runs.drain()
    expect((await lanes.runs.add(job('a'))).accepted).toBe(true)
    await lanes.runs.drain()
    expect(times).toBe(3)
  })

  it('takes what is urgent first', async () => {
    const door = gate()
    const order: unknown[] = []
    await using lanes = await open({
      kinds: runs(async (context) => {
        order.push(context)
        await door.passed
      }),
    })
    await lanes.runs.add(job('first'))
    while (order.length === 0) await sleep(10)
    await lanes.runs.add({ ...job('late'), priority: 900 })
    await lanes.runs.add(job('usual'))
    await lanes.runs.add({ ...job('urgent'), priority: 1 })
    door.open()
    await lanes.runs.drain()
    expect(order).toEqual(['first', 'urgent', 'usual', 'late'])
  })

  it('goes on after a failure, keeps the dead with its reason, and puts it back when asked', async () => {
    let isBroken = true
    const seen: unknown[] = []
    await using lanes = await open({
      kinds: runs(async (context) => {
        seen.push(context)
        if (context === 'bad' && isBroken) throw new Error('it broke')
      }),
    })
    await lanes.runs.add(job('bad'))
    await lanes.runs.add(job('good'))
    const report = await lanes.runs.drain()
    expect(report).toMatchObject({ completed: 1, failedCount: 1, failed: [{ jobId: 'bad', task: 'work' }] })
    expect(String(report.failed[0]?.error)).toContain('it broke')
    expect(await lanes.runs.listDead({ limit: 10 })).toEqual([
      { jobId: 'bad', task: 'work', context: 'bad', reason: 'it broke', failedAt: expect.any(Date) },
    ])
    expect(await lanes.runs.retryDead({ jobId: 'nobody' })).toBe(false)
    isBroken = false
    expect(await lanes.runs.retryDead({ jobId: 'bad' })).toBe(true)
    while (seen.length < 3) await sleep(10)
    while ((await lanes.runs.counts()).running > 0) await sleep(10)
    expect(await lanes.runs.listDead({ limit: 10 })).toEqual([])
    expect(seen).toEqual(['bad', 'good', 'bad'])
  })

  it('takes a dead job that is added again, and nothing is tried again unasked', async () => {
    let times = 0
    await using lanes = await open({
      kinds: runs(async () => {
        times += 1
        throw new Error(`time ${times}`)
      }),
    })
    await lanes.runs.add(job('a'))
    await lanes.runs.drain()
    expect(times).toBe(1)
    expect((await lanes.runs.add(job('a'))).accepted).toBe(true)
    expect(await lanes.runs.drain()).toMatchObject({ completed: 0, failedCount: 1 })
    expect((await lanes.runs.listDead({ limit: 10 })).map(({ reason }) => reason)).toEqual(['time 2'])
  })

  it('refuses unknown tasks, what is no JSON, and bad priorities', async () => {
    await using lanes = await open({ kinds: runs(async () => undefined) })
    await expect(lanes.runs.add({ ...job('a'), task: 'toString' })).rejects.toThrow(/^task: "toString"/)
    await expect(lanes.days.add(job('a'))).rejects.toThrow(/is not a task of this queue/)
    await expect(lanes.runs.add({ ...job('a'), context: { big: 1n } })).rejects.toThrow(/cannot cross/)
    await expect(lanes.runs.add({ ...job('a'), priority: 0 })).rejects.toThrow(/^priority: 0/)
  })

  it('lets days wait for their runs without taking their places', async () => {
    const order: string[] = []
    const lanes: JobLanes = await open({
      kinds: {
        run: { lane: 'runs', handle: async (context) => void order.push(`run ${String(context)}`) },
        day: {
          lane: 'days',
          handle: async (context) => {
            await lanes.runs.add({ task: 'run', jobId: `run ${String(context)}`, context })
            await lanes.runs.drain()
            order.push(`day ${String(context)}`)
          },
        },
      },
    })
    for (const context of [1, 2, 3]) await lanes.days.add({ task: 'day', jobId: `day ${context}`, context })
    await lanes.days.drain()
    await lanes.close()
    expect([...order].sort()).toEqual(['day 1', 'day 2', 'day 3', 'run 1', 'run 2', 'run 3'])
    expect(order.indexOf('run 3')).toBeLessThan(order.indexOf('day 3'))
  })

  it('stops waiting for the end when it is told to, and closes without losing what runs', async () => {
    const door = gate()
    let isDone = false
    const lanes = await open({
      kinds: runs(async () => {
        await door.passed
        isDone = true
      }),
    })
    await lanes.runs.add(job('a'))
    while ((await lanes.runs.counts()).running === 0) await sleep(10)
    const reason = new Error('enough')
    await expect(lanes.runs.drain({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    const closing = lanes.close()
    door.open()
    await closing
    expect(isDone).toBe(true)
    const refused: unknown = await lanes.runs.add(job('b')).catch((error: unknown) => error)
    expect(isStorageError(refused, 'unavailable')).toBe(true)
  })

  it('tells running jobs that they are to stop, and such a job is not dead', async () => {
    const stop = new AbortController()
    let reason: unknown = null
    const begun = gate()
    const lanes = await open({
      signal: stop.signal,
      kinds: runs(async (_context, { signal }) => {
        await new Promise<void>((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason), { once: true })
          begun.open()
        }).catch((error: unknown) => {
          reason = error
          throw error
        })
      }),
    })
    await lanes.runs.add(job('a'))
    await begun.passed
    const asked = new Error('stop now')
    stop.abort(asked)
    await lanes.close()
    expect(reason).toBe(asked)
    await using later = await open({ kinds: runs(async () => undefined) })
    expect(await later.runs.listDead({ limit: 10 })).toEqual([])
  })
}

describe('jobs of this process', () => {
  queueContract(async ({ kinds, concurrency = 1, signal = new AbortController().signal }) =>
    openInProcessLanes({ kinds, concurrency, clock, signal }),
  )
})

describe.skipIf(!hasRedis)('jobs in Redis [needs redis]', () => {
  let redis: TestRedis
  let opened = 0
  beforeAll(async () => {
    redis = await startRedis()
  })
  afterAll(async () => await redis[Symbol.asyncDispose]())

  const openAt = async (prefix: string, opening: Opening & { isIdle?: boolean }): Promise<RedisLanes> => {
    const { kinds, concurrency = 1, isIdle = false, signal = new AbortController().signal } = opening
    let tokens = 0
    const number = opened++
    return await openRedisLanes({
      url: redis.url,
      prefix,
      kinds,
      concurrency: isIdle ? { runs: 0, days: 0 } : { runs: concurrency, days: 2 },
      clock,
      newToken: () => `${number}-${tokens++}`,
      log: silentLogger,
      signal,
      leaseMs: 1_500,
    })
  }

  queueContract(async (opening) => await openAt(`contract-${opened}`, opening))

  it('that were stopped with their process go back, and another worker does them', async () => {
    const stop = new AbortController()
    const stuck: JobHandler = async (_context, { signal }) => {
      await new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason), { once: true })
      })
    }
    const first = await openAt('back', { kinds: runs(stuck), signal: stop.signal })
    await first.runs.add(job('a'))
    await first.runs.add(job('b'))
    while ((await first.runs.counts()).running === 0) await sleep(10)
    stop.abort(new Error('stop'))
    await first.close()
    const seen: unknown[] = []
    await using second = await openAt('back', { kinds: runs(async (context) => void seen.push(context)) })
    while (seen.length < 2) await sleep(20)
    expect([...seen].sort()).toEqual(['a', 'b'])
    expect(await second.runs.listDead({ limit: 10 })).toEqual([])
  })

  it('are done by as many workers as there are, each job by one', async () => {
    const seen: string[] = []
    const worker = async (name: string): Promise<RedisLanes> =>
      await openAt('many', {
        kinds: runs(async (context) => {
          seen.push(`${String(context)}`)
          await sleep(5)
          void name
        }),
      })
    await using producer = await openAt('many', { kinds: runs(async () => undefined), isIdle: true })
    for (let at = 0; at < 30; at++) await producer.runs.add(job(`job ${at}`))
    expect(await producer.runs.counts()).toEqual({ waiting: 30, running: 0 })
    await using _one = await worker('one')
    await using _two = await worker('two')
    expect(await producer.runs.drain()).toMatchObject({ completed: 30, failedCount: 0 })
    expect(new Set(seen).size).toBe(30)
    expect(seen).toHaveLength(30)
  })

  it('run for longer than a lease without being given to another', async () => {
    let begun = 0
    const kinds = runs(async () => {
      begun += 1
      await sleep(3_000)
    })
    await using one = await openAt('long', { kinds })
    await using _other = await openAt('long', { kinds })
    await one.runs.add(job('long'))
    expect(await one.runs.drain()).toMatchObject({ completed: 1, failedCount: 0 })
    expect(begun).toBe(1)
  })

  it('survive the end of Redis between being added and being done', async () => {
    await using own = await startRedis()
    const openOwn = async (isIdle: boolean, handle: JobHandler): Promise<RedisLanes> =>
      await openRedisLanes({
        url: own.url,
        kinds: runs(handle),
        concurrency: isIdle ? { runs: 0, days: 0 } : { runs: 1, days: 1 },
        clock,
        newToken: () => 'token',
        log: silentLogger,
        signal: new AbortController().signal,
      })
    const producer = await openOwn(true, async () => undefined)
    await producer.runs.add(job('kept'))
    await producer.close()
    await own.restart()
    const seen: unknown[] = []
    await using worker = await openOwn(false, async (context) => void seen.push(context))
    while (seen.length === 0) await sleep(20)
    expect(seen).toEqual(['kept'])
    expect(worker.isShared).toBe(true)
  })

  it('start by their schedules, on the day that it is then, and once a day', async () => {
    const contexts: unknown[] = []
    const fixed = { ...clock, now: () => new Date('2025-08-03T23:59:59Z') }
    const lanes: RedisLanes = await openAt('schedules', {
      kinds: {
        'orchestrate-day': { lane: 'days', handle: async (context) => void contexts.push(context) },
        'start-scheduled': { lane: 'days', handle: scheduledStart(() => lanes.days, fixed) },
      },
    })
    const schedules = chooseSchedules({ imageTypes: ['ml'], cron: '* * * * * *' })
    await lanes.setSchedules([...chooseSchedules({ imageTypes: ['analytics'] }), ...schedules])
    expect((await lanes.listSchedules()).map(({ name, cron }) => `${name} ${cron}`).sort()).toEqual([
      'daily-analytics 0 1 * * *',
      'daily-ml * * * * * *',
    ])
    while (contexts.length === 0) await sleep(50)
    await lanes.setSchedules([])
    expect(await lanes.listSchedules()).toEqual([])
    expect(contexts[0]).toEqual({ imageType: 'ml', testDate: '2025-08-03' })
    await lanes.close()
  })

  it('are refused with words where there is no Redis', async () => {
    const opening = openRedisLanes({
      url: 'redis://127.0.0.1:1',
      kinds: runs(async () => undefined),
      concurrency: { runs: 1, days: 1 },
      clock,
      newToken: () => 'x',
      log: silentLogger,
      signal: new AbortController().signal,
    })
    await expect(opening).rejects.toThrow(/Redis at 127\.0\.0\.1:1 does not answer/)
  })
})
