import { parseInput } from '../errors/parse-input.ts'
import { withCorrelationId } from '../observability/correlation-id.ts'
import { silentLogger, type Logger } from '../observability/logger.ts'
import { createCheckpoint, isAbortError, throwIfAborted } from './abort.ts'
import type { Clock } from './clock.ts'
import type { Task } from './define-task.ts'
import { logFailureOnce, markLogged } from './logged-failure.ts'
import type { ProgressListener } from './progress.ts'
import { mayRetry, retryDelayMs } from './retry-policy.ts'
import { runWithinLimit } from './run-within-limit.ts'

/** How a run ended: `refused` means that its context was not accepted, so nothing ran. */
export type TaskOutcome = 'completed' | 'failed' | 'aborted' | 'refused'

/** Where runs are counted; `createMetrics` makes one. */
export interface TaskMetrics {
  taskEnded(params: Readonly<{ task: string; outcome: TaskOutcome; durationMs: number }>): void
}

/** What a run needs from outside. */
export interface RunTaskOptions {
  readonly clock: Clock
  /** In [0, 1); spreads the pauses between attempts. */
  readonly random: () => number
  readonly signal?: AbortSignal
  /** @default nothing is logged */
  readonly logger?: Logger
  readonly metrics?: TaskMetrics
  readonly progress?: ProgressListener
  /** Id that all log lines of the run carry. @default the caller's own */
  readonly correlationId?: string
  /** How long an aborted attempt may take to end by itself before it is given up, in ms. @default 10000 */
  readonly graceMs?: number
}

/**
 * Runs a task: parses its context, times it, logs start, end and failure once, repeats what the task's policy allows and
 * honours time limit and signal. Rejects with `InputError` for a bad context, with `TaskTimeoutError`, with the signal's
 * reason, or with the task's own error, unwrapped.
 */
export async function runTask<Deps, Context, Result>(
  task: Task<Deps, Context, Result>,
  deps: Deps,
  rawContext: unknown,
  options: RunTaskOptions,
): Promise<Result> {
  const run = (): Promise<Result> => observe(task, deps, rawContext, options)
  return options.correlationId === undefined
    ? await run()
    : await withCorrelationId(options.correlationId, run)
}

async function observe<Deps, Context, Result>(
  task: Task<Deps, Context, Result>,
  deps: Deps,
  rawContext: unknown,
  options: RunTaskOptions,
): Promise<Result> {
  const log = options.logger?.child({ task: task.name }) ?? silentLogger
  const startedMs = options.clock.monotonicMs()
  const end = (outcome: TaskOutcome): { outcome: TaskOutcome; durationMs: number } => {
    const durationMs = Math.round(options.clock.monotonicMs() - startedMs)
    options.metrics?.taskEnded({ task: task.name, outcome, durationMs })
    return { outcome, durationMs }
  }

  let context: Context
  try {
    context = parseInput(task.context, rawContext, { subject: `context of ${task.name}` })
  } catch (error) {
    logFailureOnce(log, error, end('refused'), 'task refused its context')
    throw error
  }

  log.info({ context }, 'task started')
  try {
    const result = await attemptRepeatedly(task, deps, context, options, log)
    log.info(end('completed'), 'task completed')
    return result
  } catch (error) {
    if (options.signal?.aborted === true && error === options.signal.reason) {
      const details = end('aborted')
      log.info(details, 'task stopped before its end')
      markLogged(error)
    } else {
      logFailureOnce(log, error, end('failed'), 'task failed')
    }
    throw error
  }
}

async function attemptRepeatedly<Deps, Context, Result>(
  task: Task<Deps, Context, Result>,
  deps: Deps,
  context: Context,
  options: RunTaskOptions,
  log: Logger,
): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await attemptOnce(task, deps, context, options, log, attempt)
    } catch (error) {
      if (options.signal?.aborted === true && isAbortOf(error, options.signal)) throw options.signal.reason
      if (!mayRetry(task.retry, attempt, error)) throw error
      const delayMs = retryDelayMs(task.retry ?? { attempts: 1 }, attempt, options.random)
      const reason = error instanceof Error ? error.message : String(error)
      log.warn({ attempt, attempts: task.retry?.attempts, delayMs, reason }, 'task will be tried again')
      await options.clock.sleep(delayMs, options.signal)
    }
  }
}

async function attemptOnce<Deps, Context, Result>(
  task: Task<Deps, Context, Result>,
  deps: Deps,
  context: Context,
  options: RunTaskOptions,
  log: Logger,
  attempt: number,
): Promise<Result> {
  throwIfAborted(options.signal)
  const limits = {
    name: task.name,
    clock: options.clock,
    graceMs: options.graceMs ?? 10_000,
    ...(task.timeLimitMs === undefined ? {} : { timeLimitMs: task.timeLimitMs }),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
    onAbandoned: () =>
      log.error({ attempt }, 'task did not stop when asked; it is given up and may still be at work'),
  }
  const result = await runWithinLimit(limits, async (signal) => {
    return await task.run(deps, context, {
      signal,
      log,
      attempt,
      clock: options.clock,
      random: options.random,
      progress: options.progress ?? ignoreProgress,
      checkpoint: createCheckpoint({ signal, monotonicMs: () => options.clock.monotonicMs() }),
      runNested: async (nested, nestedDeps, rawContext) => {
        const { correlationId: _inherited, ...rest } = options
        return await runTask(nested, nestedDeps, rawContext, { ...rest, signal })
      },
    })
  })
  return checkResult(task, result)
}

function checkResult<Deps, Context, Result>(task: Task<Deps, Context, Result>, result: Result): Result {
  if (task.result === undefined) return result
  const checked = task.result.safeParse(result)
  if (checked.success) return checked.data
  throw new TypeError(
    `task ${task.name} returned a result that breaks its own schema: ${checked.error.message}`,
    {
      cause: checked.error,
    },
  )
}

function isAbortOf(error: unknown, signal: AbortSignal): boolean {
  return error === signal.reason || isAbortError(error)
}

function ignoreProgress(): void {
  // Nobody listens.
}
