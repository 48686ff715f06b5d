import type { z } from 'zod'

import type { Logger } from '../observability/logger.ts'
import type { Clock } from './clock.ts'
import type { ProgressListener } from './progress.ts'
import type { RetryPolicy } from './retry-policy.ts'

/** What a running task is given besides its stores and its context. */
export interface TaskControl {
  /** Aborted by the time limit or by whoever runs the task. Pass it to every call that waits. */
  readonly signal: AbortSignal
  readonly log: Logger
  readonly clock: Clock
  /** In [0, 1); seeded in tests. Not for anything that results depend on: those take a seed from the context. */
  readonly random: () => number
  /** 1 for the first attempt. */
  readonly attempt: number
  readonly progress: ProgressListener
  /** Await it in every loop: it lets the event loop turn about every 20 ms and throws once `signal` is aborted. */
  checkpoint(): Promise<void>
  /** Runs another task as a part of this one: same signal, log, metrics and correlation id; its failure is logged once. */
  runNested<Deps, Context, Result>(
    task: Task<Deps, Context, Result>,
    deps: Deps,
    rawContext: unknown,
  ): Promise<Result>
}

/** A use case: a name, what it is told, what it answers, and the function that does it with the stores it is given. */
export interface Task<Deps, Context, Result> {
  /** Kebab-case, unique within an app: `score-batch`. It is the label in logs, metrics and queues. */
  readonly name: string
  /** Strict and serialisable; what does not fit is refused before anything runs. */
  readonly context: z.ZodType<Context>
  /** Checked on the way out when given: a task that answers something else is a defect. */
  readonly result?: z.ZodType<Result>
  /** Absent: a failure is final. Give it only if a second run after a half-done first one is harmless. */
  readonly retry?: RetryPolicy
  /** The limit of one attempt, in ms. Absent: no limit. */
  readonly timeLimitMs?: number
  readonly run: (deps: Deps, context: Context, control: TaskControl) => Promise<Result>
}

const TASK_NAME = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/

/**
 * Declares a task; types of context and result follow from the schemas. A bad name, time limit or number of attempts is a
 * defect and throws at import, not at run time.
 */
export function defineTask<Deps, Context, Result>(
  task: Task<Deps, Context, Result>,
): Readonly<Task<Deps, Context, Result>> {
  if (!TASK_NAME.test(task.name))
    throw new TypeError(`task name ${JSON.stringify(task.name)} is not kebab-case`)
  if (task.timeLimitMs !== undefined && !(task.timeLimitMs > 0)) {
    throw new RangeError(`task ${task.name}: timeLimitMs must be above 0`)
  }
  if (task.retry !== undefined && !(Number.isInteger(task.retry.attempts) && task.retry.attempts >= 1)) {
    throw new RangeError(`task ${task.name}: retry.attempts must be a whole number from 1`)
  }
  return Object.freeze({ ...task })
}
