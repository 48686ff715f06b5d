import type { Clock, JobHandler, Logger } from '@subnetkit/core'
import { Queue, Worker } from 'bullmq'

import { checkRedisUrl, connectRedis } from '../adapters/redis/connect-redis.ts'
import type { JobKinds, JobLanes, LaneName } from '../ports/job-lanes.ts'
import { jobProcessor, type JobData, RedisLane } from './redis-lane.ts'
import { handlersOf } from './lane-handlers.ts'
import { QueueTrouble } from './queue-trouble.ts'
import type { Schedule } from './schedule.ts'
import { WorkerWatch } from './worker-watch.ts'

/** What lanes in Redis need. */
export interface RedisLanesOptions {
  readonly url: string
  readonly kinds: JobKinds
  /** Jobs at once in this process, by lane; 0 only adds jobs and works at none. */
  readonly concurrency: Readonly<Record<LaneName, number>>
  readonly clock: Clock
  readonly newToken: () => string
  readonly log: Logger
  readonly signal: AbortSignal
  /** First part of every key. @default subnetkit-benchmark */
  readonly prefix?: string
  /** A killed worker's jobs are given to another after so long and at most two thirds of it more. @default 30000 */
  readonly leaseMs?: number
}

const PREFIX = 'subnetkit-benchmark'
/** As long as a lock in Redis lives: who stood still for longer has lost the run's lock as well. */
const LEASE_MS = 30_000
const LOOKS_IN_A_LEASE = 3
/** A job whose workers die so often kills them, most likely: it goes to the dead. */
const MAX_STALLED = 3
/** Several times the moments that a busy machine stands still. */
const DRAIN_SECONDS = 2

/** Lanes in Redis, and the schedules that Redis starts. */
export interface RedisLanes extends JobLanes {
  readonly isShared: true
  /** Makes the schedules of Redis be these and no others. */
  setSchedules(schedules: readonly Schedule[]): Promise<void>
  listSchedules(): Promise<readonly Readonly<{ name: string; cron: string; next: Date | null }>[]>
}

/**
 * Opens the lanes that all workers of one Redis share. A worker renews its hold on a job twice in a lease, however long
 * the job takes; it is given to another only when its worker died or stood still.
 *
 * @throws StorageError `unavailable` when Redis does not answer.
 */
export async function openRedisLanes(options: RedisLanesOptions): Promise<RedisLanes> {
  const first = await connectRedis(options.url, options.signal)
  first.disconnect()
  const runs = openLane('runs', options)
  const days = openLane('days', options)
  let closing: Promise<void> | null = null
  const close = async (): Promise<void> => {
    closing ??= Promise.all([runs.lane.close(), days.lane.close()]).then(() => undefined)
    await closing
  }
  // A worker that is asked to stop takes no further job, also before anybody closes it.
  const stop = (): void => {
    void runs.worker?.close()
    void days.worker?.close()
  }
  options.signal.addEventListener('abort', stop, { once: true })
  return {
    isShared: true,
    runs: runs.lane,
    days: days.lane,
    setSchedules: async (schedules) => {
      const names = new Set(schedules.map(({ name }) => name))
      for (const { key } of await days.queue.getJobSchedulers()) {
        if (!names.has(key)) await days.queue.removeJobScheduler(key)
      }
      for (const { name, cron, task, args } of schedules) {
        const data: JobData = { jobId: `schedule ${name}`, context: { task, args }, token: name }
        const opts = { attempts: 1, removeOnComplete: true, removeOnFail: { count: 100 } }
        const template = { name: 'start-scheduled', data, opts }
        await days.queue.upsertJobScheduler(name, { pattern: cron, tz: 'UTC' }, template)
      }
    },
    listSchedules: async () =>
      (await days.queue.getJobSchedulers()).map(({ key, pattern, next }) => ({
        name: key,
        cron: pattern ?? '',
        next: next === undefined ? null : new Date(next),
      })),
    close,
    [Symbol.asyncDispose]: close,
  }
}

interface OpenLane {
  readonly lane: RedisLane
  readonly queue: Queue<JobData>
  readonly worker: Worker<JobData> | null
}

function openLane(name: LaneName, options: RedisLanesOptions): OpenLane {
  const { clock, log, newToken, prefix = PREFIX, signal } = options
  const connection = connectionOf(options.url)
  const handlers = handlersOf(options.kinds, name)
  const queue = new Queue<JobData>(name, { prefix, connection: { ...connection, maxRetriesPerRequest: 1 } })
  const trouble = new QueueTrouble({ lane: name, clock, log })
  queue.on('error', (error) => trouble.note(error))
  const worker = openWorker(name, handlers, connection, options)
  worker?.on('error', (error) => trouble.note(error))
  worker?.on('stalled', (job) => {
    log.warn({ lane: name, job }, 'its worker died or stood still: the job waits for another')
  })
  const watch = new WorkerWatch({
    clock,
    log,
    countWorkers: async () => await queue.getWorkersCount(),
    countWaiting: async () => await queue.getJobCountByTypes('waiting', 'prioritized'),
  })
  const lane = new RedisLane({ queue, worker, handlers, clock, newToken, watch, signal })
  return { queue, worker, lane }
}

function openWorker(
  name: LaneName,
  handlers: Readonly<Record<string, JobHandler>>,
  connection: ReturnType<typeof connectionOf>,
  options: RedisLanesOptions,
): Worker<JobData> | null {
  const concurrency = options.concurrency[name]
  if (concurrency === 0) return null
  const { leaseMs = LEASE_MS, log, prefix = PREFIX, signal } = options
  const process = jobProcessor(handlers, signal, log)
  // Three named parameters: the driver hands a job's own signal only to those who name it.
  const worker = new Worker<JobData>(
    name,
    async (job, token, jobSignal) => await process(job, token, jobSignal),
    {
      prefix,
      connection: { ...connection, maxRetriesPerRequest: null },
      concurrency,
      lockDuration: leaseMs,
      stalledInterval: Math.ceil(leaseMs / LOOKS_IN_A_LEASE),
      maxStalledCount: MAX_STALLED,
      drainDelay: DRAIN_SECONDS,
    },
  )
  worker.on('lockRenewalFailed', (ids: readonly string[]) => {
    for (const id of ids) worker.cancelJob(id, 'its lease was lost')
  })
  return worker
}

function connectionOf(url: string): {
  host: string
  port: number
  db: number
  username?: string
  password?: string
  tls?: object
} {
  const { hostname, password, pathname, port, protocol, username } = checkRedisUrl(url)
  return {
    host: hostname.replaceAll(/^\[|\]$/g, ''),
    port: port === '' ? 6_379 : Number(port),
    db: Number(pathname.slice(1) || '0'),
    ...(username === '' ? {} : { username: decodeURIComponent(username) }),
    ...(password === '' ? {} : { password: decodeURIComponent(password) }),
    ...(protocol === 'rediss:' ? { tls: {} } : {}),
  }
}
