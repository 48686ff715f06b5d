import {
  type AddedJob,
  type AddJobParams,
  type Clock,
  type DrainOptions,
  type DrainReport,
  type FailedJob,
  findJobHandler,
  type JobHandler,
  jobContextAsJson,
  jobPriority,
  type Logger,
  type QueueCounts,
  StorageError,
} from '@subnetkit/core'
import { type Job, type Queue, WaitingError, type Worker } from 'bullmq'

import { toRedisError } from '../adapters/redis/connect-redis.ts'
import type { DeadJob, JobLane } from '../ports/job-lanes.ts'
import { Patience } from './patience.ts'
import type { WorkerWatch } from './worker-watch.ts'

/** What travels through Redis. */
export interface JobData {
  readonly jobId: string
  readonly context: unknown
  /** Tells apart who added a job first. */
  readonly token: string
}

/** What a lane in Redis needs; its worker is null where jobs are only added. */
export interface RedisLaneParams {
  readonly queue: Queue<JobData>
  readonly worker: Worker<JobData> | null
  readonly handlers: Readonly<Record<string, JobHandler>>
  readonly clock: Clock
  readonly newToken: () => string
  /** Looks whether anybody is there to do what is waited for. */
  readonly watch: WorkerWatch
  readonly signal: AbortSignal
}

const POLL_MS = 200
/** So long who waits for jobs bears that Redis does not answer: it is started anew, or another takes its place. */
const PATIENCE_MS = 120_000
/** Dead jobs that are kept; the oldest go first. */
const MAX_DEAD = 10_000
const MAX_KEPT_FAILURES = 1_000

/**
 * A lane in Redis. A job is one key, so adding it again while it waits or runs does nothing; one that completed leaves no
 * trace, and one that died waits to be looked at. Redis tries nothing again by itself but what a killed worker left.
 */
export class RedisLane implements JobLane {
  readonly #params: RedisLaneParams
  readonly #added = new Map<string, string>()
  #isClosed = false

  constructor(params: RedisLaneParams) {
    this.#params = params
  }

  async add(params: Readonly<AddJobParams>): Promise<AddedJob> {
    const { clock, handlers, newToken, queue, signal } = this.#params
    const { jobId, task } = params
    signal.throwIfAborted()
    if (this.#isClosed) throw closedError(jobId)
    findJobHandler(handlers, task)
    const data: JobData = { jobId, context: jobContextAsJson(params), token: newToken() }
    const options = {
      jobId: redisIdOf(jobId),
      priority: jobPriority(params),
      timestamp: clock.now().getTime(),
      attempts: 1,
      removeOnComplete: true,
      removeOnFail: { count: MAX_DEAD },
    }
    return await asStorageErrors(async () => {
      await queue.add(task, data, options)
      this.#added.set(jobId, task)
      const stored = await queue.getJob(redisIdOf(jobId))
      // Gone already: it was done while we looked.
      if (stored === undefined || stored.data.token === data.token) return { jobId, accepted: true }
      return { jobId, accepted: await revive(stored) }
    })
  }

  async counts(): Promise<QueueCounts> {
    return await asStorageErrors(async () => {
      // What a schedule has delayed does not wait for a worker.
      const counts = await this.#params.queue.getJobCounts('waiting', 'prioritized', 'active')
      const { active = 0, ...waiting } = counts
      return { waiting: Object.values(waiting).reduce((sum, count) => sum + count, 0), running: active }
    })
  }

  async drain({ onLeft, signal }: DrainOptions = {}): Promise<DrainReport> {
    const { clock, queue, signal: own, watch } = this.#params
    const failed: FailedJob[] = []
    let completed = 0
    let failedCount = 0
    const stop = signal === undefined ? own : AbortSignal.any([own, signal])
    stop.throwIfAborted()
    const patience = new Patience({ clock, lastsMs: PATIENCE_MS, signal: stop })
    const ask = async <Result>(question: () => Promise<Result>): Promise<Result> =>
      await patience.ask(async () => await asStorageErrors(question))
    onLeft?.(this.#added.size)
    while (this.#added.size > 0) {
      for (const [jobId, task] of this.#added) {
        const job = await ask(async () => await queue.getJob(redisIdOf(jobId)))
        const isDead = job !== undefined && (await ask(async () => await job.isFailed()))
        if (job !== undefined && !isDead) continue
        this.#added.delete(jobId)
        if (job === undefined) completed += 1
        else {
          failedCount += 1
          // Read again: it may have failed after it was read.
          const dead = await ask(async () => await queue.getJob(redisIdOf(jobId)))
          const error = new Error((dead ?? job).failedReason)
          if (failed.length < MAX_KEPT_FAILURES) failed.push({ jobId, task, error })
        }
        onLeft?.(this.#added.size)
      }
      if (this.#added.size > 0) {
        await ask(async () => await watch.look())
        await clock.sleep(POLL_MS, stop)
      }
    }
    return { completed, failedCount, failed, dropped: [] }
  }

  async listDead({ limit }: Readonly<{ limit: number }>): Promise<readonly DeadJob[]> {
    const jobs = await asStorageErrors(async () => await this.#params.queue.getFailed(0, limit - 1))
    return jobs.flatMap((job): DeadJob[] => {
      const data: unknown = job.data
      if (!isJobData(data)) return []
      const { jobId, context } = data
      const failedAt = new Date(job.finishedOn ?? job.timestamp)
      return [{ jobId, task: job.name, context, reason: job.failedReason, failedAt }]
    })
  }

  async retryDead({ jobId }: Readonly<{ jobId: string }>): Promise<boolean> {
    return await asStorageErrors(async () => {
      const job = await this.#params.queue.getJob(redisIdOf(jobId))
      return job !== undefined && (await revive(job))
    })
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await this.#params.worker?.close()
    await this.#params.queue.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }
}

/** What a worker does with a job: a job that is stopped with its process goes back and waits for another. */
export function jobProcessor(
  handlers: Readonly<Record<string, JobHandler>>,
  laneSignal: AbortSignal,
  log: Logger,
): (job: Job<JobData>, token?: string, jobSignal?: AbortSignal) => Promise<unknown> {
  return async (job, token, jobSignal) => {
    const signal = jobSignal === undefined ? laneSignal : AbortSignal.any([laneSignal, jobSignal])
    try {
      signal.throwIfAborted()
      await findJobHandler(handlers, job.name)(job.data.context, { signal })
      return null
    } catch (error) {
      if (!laneSignal.aborted || token === undefined) throw error
      log.info({ job: job.data.jobId }, 'a job was stopped and goes back to the queue')
      await job.moveToWait(token)
      throw new WaitingError()
    }
  }
}

/** Puts a job back if it is dead, which Redis checks in the same step. */
async function revive(job: Job<JobData>): Promise<boolean> {
  if (!(await job.isFailed())) return false
  try {
    await job.retry('failed')
    return true
  } catch (error) {
    // Somebody else put it back in between.
    if (!(await job.isFailed())) return false
    throw error
  }
}

/** Redis' own separator is the colon, and ids of digits alone are its own. */
function redisIdOf(jobId: string): string {
  return `job-${encodeURIComponent(jobId)}`
}

function isJobData(data: unknown): data is JobData {
  return typeof data === 'object' && data !== null && 'jobId' in data && 'context' in data
}

function closedError(jobId: string): StorageError {
  return new StorageError({
    code: 'unavailable',
    retryable: false,
    message: `the queue is closed and takes no job (${jobId})`,
  })
}

async function asStorageErrors<Result>(ask: () => Promise<Result>): Promise<Result> {
  try {
    return await ask()
  } catch (error) {
    throw toRedisError(error)
  }
}
