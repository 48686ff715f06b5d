import { InputError } from '../errors/input-error.ts'
import { StorageError } from '../errors/storage-error.ts'
import { throwIfAborted } from './abort.ts'
import { findJobHandler, jobContextAsJson, jobPriority } from './job-checks.ts'
import type {
  AddedJob,
  AddJobParams,
  DrainOptions,
  DrainReport,
  FailedJob,
  QueueCounts,
  TaskQueue,
} from './task-queue.ts'

/** Does one job; `signal` is the queue's. Rejecting means that the job failed. */
export type JobHandler = (context: unknown, options: Readonly<{ signal: AbortSignal }>) => Promise<unknown>

/** What {@link createInProcessQueue} needs. */
export interface InProcessQueueOptions {
  /** One handler per task name. */
  readonly handlers: Readonly<Record<string, JobHandler>>
  /** Jobs that may run at the same time, from 1. */
  readonly concurrency: number
  /** Once aborted, nothing more is started and running jobs see it as their own signal. */
  readonly signal?: AbortSignal
}

/** A service that never drains must not keep every error of its life. */
const MAX_KEPT_FAILURES = 1_000

interface Job {
  readonly id: string
  readonly task: string
  readonly context: unknown
  readonly handler: JobHandler
  readonly priority: number
}

/**
 * A queue in this process: by priority, then first come, first served, at most `concurrency` at a time. Jobs are lost when the process
 * ends; work that must survive is added again from what the store says. A context crosses as JSON, so that what works
 * here also works with a queue between processes.
 */
export function createInProcessQueue(options: InProcessQueueOptions): TaskQueue {
  return new InProcessQueue(options)
}

class InProcessQueue implements TaskQueue {
  readonly #options: InProcessQueueOptions
  readonly #signal: AbortSignal
  readonly #waiting: Job[] = []
  readonly #running = new Map<string, Promise<void>>()
  readonly #ids = new Set<string>()
  readonly #watchers = new Set<(left: number) => void>()
  #idle: PromiseWithResolvers | null = null
  #closed = false
  #completed = 0
  #failedCount = 0
  #failed: FailedJob[] = []
  #dropped: string[] = []

  constructor(options: InProcessQueueOptions) {
    if (!Number.isInteger(options.concurrency) || options.concurrency < 1) {
      throw new InputError({
        field: 'concurrency',
        value: options.concurrency,
        problem: 'is not a number of jobs',
        hint: 'use a whole number from 1',
      })
    }
    this.#options = options
    this.#signal = options.signal ?? new AbortController().signal
    this.#signal.addEventListener('abort', this.#stop, { once: true })
    if (this.#signal.aborted) this.#stop()
  }

  async add(params: Readonly<AddJobParams>): Promise<AddedJob> {
    throwIfAborted(this.#signal)
    if (this.#closed) {
      throw new StorageError({
        code: 'unavailable',
        retryable: false,
        message: `the queue is closed and takes no job (${params.jobId})`,
      })
    }
    const job = this.#toJob(params)
    if (this.#ids.has(job.id)) return { jobId: job.id, accepted: false }
    this.#ids.add(job.id)
    const behind = this.#waiting.findIndex(({ priority }) => priority > job.priority)
    this.#waiting.splice(behind < 0 ? this.#waiting.length : behind, 0, job)
    this.#startWhatFits()
    return { jobId: job.id, accepted: true }
  }

  async counts(): Promise<QueueCounts> {
    return { waiting: this.#waiting.length, running: this.#running.size }
  }

  async drain({ onLeft, signal }: DrainOptions = {}): Promise<DrainReport> {
    throwIfAborted(signal)
    if (onLeft !== undefined) this.#watchers.add(onLeft)
    try {
      onLeft?.(this.#ids.size)
      if (this.#ids.size > 0) await unlessAborted(this.#untilIdle(), signal)
    } finally {
      if (onLeft !== undefined) this.#watchers.delete(onLeft)
    }
    const report = {
      completed: this.#completed,
      failedCount: this.#failedCount,
      failed: this.#failed,
      dropped: this.#dropped,
    }
    this.#completed = 0
    this.#failedCount = 0
    this.#failed = []
    this.#dropped = []
    return report
  }

  async close(): Promise<void> {
    this.#stop()
    this.#signal.removeEventListener('abort', this.#stop)
    await Promise.all(this.#running.values())
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  readonly #stop = (): void => {
    this.#closed = true
    for (const job of this.#waiting.splice(0)) {
      this.#ids.delete(job.id)
      this.#dropped.push(job.id)
    }
    this.#noteIdle()
  }

  #toJob(params: Readonly<AddJobParams>): Job {
    const { jobId: id, task } = params
    const handler = findJobHandler(this.#options.handlers, task)
    return { id, task, context: jobContextAsJson(params), handler, priority: jobPriority(params) }
  }

  #startWhatFits(): void {
    while (this.#running.size < this.#options.concurrency) {
      const job = this.#waiting.shift()
      if (job === undefined) return
      this.#running.set(job.id, this.#run(job))
    }
  }

  async #run(job: Job): Promise<void> {
    // A handler that throws before its first await must not throw into `add`.
    await Promise.resolve()
    try {
      await job.handler(job.context, { signal: this.#signal })
      this.#completed++
    } catch (error) {
      this.#failedCount++
      if (this.#failed.length < MAX_KEPT_FAILURES) {
        this.#failed.push({ jobId: job.id, task: job.task, error })
      }
    }
    this.#running.delete(job.id)
    this.#ids.delete(job.id)
    for (const onLeft of this.#watchers) onLeft(this.#ids.size)
    this.#startWhatFits()
    this.#noteIdle()
  }

  async #untilIdle(): Promise<void> {
    this.#idle ??= withResolvers()
    await this.#idle.promise
  }

  #noteIdle(): void {
    if (this.#ids.size > 0) return
    this.#idle?.resolve()
    this.#idle = null
  }
}

interface PromiseWithResolvers {
  readonly promise: Promise<void>
  readonly resolve: () => void
}

function withResolvers(): PromiseWithResolvers {
  let resolve = (): void => undefined
  const promise = new Promise<void>((done) => {
    resolve = done
  })
  return { promise, resolve }
}

async function unlessAborted(work: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) return await work
  let stop = (): void => undefined
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => reject(signal.reason)
    signal.addEventListener('abort', stop, { once: true })
  })
  try {
    await Promise.race([work, aborted])
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
