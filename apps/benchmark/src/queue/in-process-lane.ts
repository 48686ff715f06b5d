import {
  type AddedJob,
  type AddJobParams,
  type Clock,
  createInProcessQueue,
  type DrainReport,
  type JobHandler,
  type QueueCounts,
  type TaskQueue,
} from '@subnetkit/core'

import type { DeadJob, JobLane } from '../ports/job-lanes.ts'

/** What a lane of this process needs. */
export interface InProcessLaneOptions {
  readonly handlers: Readonly<Record<string, JobHandler>>
  readonly concurrency: number
  readonly clock: Clock
  readonly signal: AbortSignal
}

/** A service that runs for months must not keep every failure of its life. */
const MAX_DEAD = 1_000

/** A lane in this process: its jobs and its dead are gone with it, and the store says what is left to do. */
export class InProcessLane implements JobLane {
  readonly #queue: TaskQueue
  readonly #clock: Clock
  readonly #dead = new Map<string, DeadJob>()

  constructor({ handlers, concurrency, clock, signal }: InProcessLaneOptions) {
    this.#clock = clock
    const watched = Object.entries(handlers).map(([task, handle]): [string, JobHandler] => [
      task,
      async (context, options) => {
        const job = jobOf(context)
        try {
          return await handle(job.context, options)
        } catch (error) {
          // What was stopped is not dead: the store says that it is to be done.
          if (!signal.aborted) this.#bury(job, task, error)
          throw error
        }
      },
    ])
    this.#queue = createInProcessQueue({ handlers: Object.fromEntries(watched), concurrency, signal })
  }

  async add(params: Readonly<AddJobParams>): Promise<AddedJob> {
    const { context, jobId } = params
    const wrapped = context === undefined ? undefined : { jobId, context }
    const added = await this.#queue.add({ ...params, context: wrapped })
    if (added.accepted) this.#dead.delete(jobId)
    return added
  }

  async counts(): Promise<QueueCounts> {
    return await this.#queue.counts()
  }

  async drain(options?: Readonly<{ signal?: AbortSignal }>): Promise<DrainReport> {
    return await this.#queue.drain(options)
  }

  async listDead({ limit }: Readonly<{ limit: number }>): Promise<readonly DeadJob[]> {
    return [...this.#dead.values()].reverse().slice(0, limit)
  }

  async retryDead({ jobId }: Readonly<{ jobId: string }>): Promise<boolean> {
    const job = this.#dead.get(jobId)
    if (job === undefined) return false
    const { task, context } = job
    return (await this.add({ task, context, jobId })).accepted
  }

  async close(): Promise<void> {
    await this.#queue.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  #bury({ jobId, context }: { jobId: string; context: unknown }, task: string, error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error)
    this.#dead.delete(jobId)
    this.#dead.set(jobId, { jobId, task, context, reason, failedAt: this.#clock.now() })
    const [oldest] = this.#dead.keys()
    if (this.#dead.size > MAX_DEAD && oldest !== undefined) this.#dead.delete(oldest)
  }
}

/** What `add` wrapped, so that a handler's failure is known by its job. */
function jobOf(wrapped: unknown): { jobId: string; context: unknown } {
  if (typeof wrapped !== 'object' || wrapped === null) return { jobId: '', context: wrapped }
  return { jobId: String(Reflect.get(wrapped, 'jobId')), context: Reflect.get(wrapped, 'context') }
}
