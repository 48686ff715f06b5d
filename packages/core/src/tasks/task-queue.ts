/** One piece of work for a queue. */
export interface AddJobParams {
  /** The task's name; the queue must know a handler for it. */
  readonly task: string
  /** What the task is told: plain JSON, since a queue may carry it to another process. */
  readonly context: unknown
  /** The natural key of the work, e.g. `score-batch torus 2025-08-01 7`: while such a job waits or runs, adding it again does nothing. */
  readonly jobId: string
  /** From 1, which goes before everything that waits, to 1000. Equal ones go in the order they came. @default 100 */
  readonly priority?: number
}

/** What became of an {@link TaskQueue.add}. */
export interface AddedJob {
  readonly jobId: string
  /** False when a job with this id already waits or runs. */
  readonly accepted: boolean
}

/** How much a queue has before it. */
export interface QueueCounts {
  readonly waiting: number
  readonly running: number
}

/** A job that did not complete, with its error. */
export interface FailedJob {
  readonly jobId: string
  readonly task: string
  readonly error: unknown
}

/** What happened since the queue was made or last drained. */
export interface DrainReport {
  readonly completed: number
  readonly failedCount: number
  /** The first 1,000 of them. */
  readonly failed: readonly FailedJob[]
  /** Jobs that were accepted but never started, because the queue was closed or aborted first. */
  readonly dropped: readonly string[]
}

/** How {@link TaskQueue.drain} waits. */
export interface DrainOptions {
  readonly signal?: AbortSignal
  /** Told whenever it has changed how many of the jobs that this object added are not over. */
  readonly onLeft?: (left: number) => void
}

/**
 * Work that waits for its turn. The in-process queue is the default; another implementation may hold jobs in Redis and
 * run them elsewhere. Handlers log and retry by themselves (`runTask`); a queue only starts them and keeps count.
 */
export interface TaskQueue {
  /** Accepts a job, at most one per id at a time. Rejects with `InputError` for an unknown task or a context that is not JSON, and with `StorageError` `unavailable` once the queue is closed. */
  add(params: Readonly<AddJobParams>): Promise<AddedJob>
  counts(): Promise<QueueCounts>
  /** Resolves when nothing waits or runs any more, and reports what ended since the last time. Failed jobs do not reject it. */
  drain(options?: DrainOptions): Promise<DrainReport>
  /** Takes no more work, drops what has not started, and resolves when what runs has ended. */
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}
