import { describe, expect, it } from 'vitest'
import { z } from 'zod'

import { StorageError } from '../errors/storage-error.ts'
import type { LogDetails, Logger } from '../observability/logger.ts'
import { createClock } from './clock.ts'
import { defineTask, type TaskControl } from './define-task.ts'
import { createManualClock } from './manual-clock.ts'
import { runTask, type TaskMetrics } from './run-task.ts'
import { InterruptedError } from './task-errors.ts'

interface Line {
  readonly level: string
  readonly message: string
  readonly details: LogDetails
}

function recordLogs(): { logger: Logger; lines: Line[] } {
  const lines: Line[] = []
  const at = (level: string, bound: LogDetails) => (details: LogDetails, message: string) => {
    lines.push({ level, message, details: { ...bound, ...details } })
  }
  const make = (bound: LogDetails): Logger => ({
    debug: at('debug', bound),
    info: at('info', bound),
    warn: at('warn', bound),
    error: at('error', bound),
    child: (details) => make({ ...bound, ...details }),
  })
  return { logger: make({}), lines }
}

function recordMetrics(): { metrics: TaskMetrics; ended: string[] } {
  const ended: string[] = []
  return {
    metrics: { taskEnded: ({ task, outcome, durationMs }) => ended.push(`${task} ${outcome} ${durationMs}`) },
    ended,
  }
}

const realClock = createClock({ now: Date.now, monotonicMs: () => performance.now() })
const contextSchema = z.strictObject({ network: z.string(), windowDays: z.int().min(1) })
const context = { network: 'torus', windowDays: 7 }

function taskThat<Result>(run: (deps: string, context: unknown, control: TaskControl) => Promise<Result>) {
  return defineTask({ name: 'sample-task', context: contextSchema, run })
}

describe('runTask', () => {
  it('gives the task its stores and parsed context, and returns its result', async () => {
    const { logger, lines } = recordLogs()
    const { metrics, ended } = recordMetrics()
    const clock = createManualClock(1_000)
    const task = taskThat(async (deps, given) => {
      await clock.advance(25)
      return { deps, given }
    })
    await expect(
      runTask(task, 'store', context, { clock, random: () => 0, logger, metrics }),
    ).resolves.toEqual({
      deps: 'store',
      given: context,
    })
    expect(lines.map(({ level, message }) => `${level} ${message}`)).toEqual([
      'info task started',
      'info task completed',
    ])
    expect(lines[1]?.details).toEqual({ task: 'sample-task', outcome: 'completed', durationMs: 25 })
    expect(ended).toEqual(['sample-task completed 25'])
  })

  it.each([
    [{ network: 'torus' }, /context of sample-task: windowDays: is missing/],
    [{ ...context, windowDays: 0 }, /windowDays: 0 .*use at least 1/],
    [{ ...context, extra: 1 }, /extra: is not known here; leave it out/],
    [null, /context of sample-task: null /],
  ])('refuses the context %j before anything runs', async (given, message) => {
    const { logger, lines } = recordLogs()
    const { metrics, ended } = recordMetrics()
    let ran = false
    const task = taskThat(async () => {
      ran = true
    })
    const run = runTask(task, '', given, { clock: createManualClock(), random: () => 0, logger, metrics })
    await expect(run).rejects.toThrow(message)
    await expect(run).rejects.toHaveProperty('name', 'InputError')
    expect(ran).toBe(false)
    expect(lines.map(({ message: text }) => text)).toEqual(['task refused its context'])
    expect(ended).toEqual(['sample-task refused 0'])
  })

  it('repeats what is retryable, with growing jittered pauses, and then succeeds', async () => {
    const clock = createManualClock()
    const { logger, lines } = recordLogs()
    const attempts: number[] = []
    const task = defineTask({
      name: 'flaky',
      context: contextSchema,
      retry: { attempts: 5, baseDelayMs: 100, maxDelayMs: 300 },
      run: async (_deps: null, _context, { attempt }) => {
        attempts.push(attempt)
        if (attempt < 5) throw new StorageError({ code: 'unavailable', message: 'no answer' })
        return 'done'
      },
    })
    const run = runTask(task, null, context, { clock, random: () => 0.5, logger })
    await clock.advance(10_000)
    await expect(run).resolves.toBe('done')
    expect(attempts).toEqual([1, 2, 3, 4, 5])
    expect(clock.sleeps).toEqual([75, 150, 225, 225])
    expect(lines.filter(({ level }) => level === 'warn')).toHaveLength(4)
    expect(lines.filter(({ level }) => level === 'error')).toHaveLength(0)
  })

  it.each([
    [
      'gives up after the last attempt',
      { attempts: 3 },
      new StorageError({ code: 'timeout', message: 'x' }),
      3,
    ],
    ['does not repeat a conflict', { attempts: 3 }, new StorageError({ code: 'conflict', message: 'x' }), 1],
    ['does not repeat without a policy', undefined, new StorageError({ code: 'timeout', message: 'x' }), 1],
    ['asks the policy', { attempts: 2, isRetryable: () => true }, new RangeError('x'), 2],
  ])('%s', async (_name, retry, failure, expected) => {
    const clock = createManualClock()
    const { logger, lines } = recordLogs()
    let attempts = 0
    const task = defineTask({
      name: 'failing',
      context: contextSchema,
      ...(retry === undefined ? {} : { retry }),
      run: async (_deps: null) => {
        attempts++
        throw failure
      },
    })
    const run = runTask(task, null, context, { clock, random: () => 0, logger }).catch(
      (error: unknown) => error,
    )
    await clock.advance(100_000)
    expect(await run).toBe(failure)
    expect(attempts).toBe(expected)
    expect(lines.filter(({ level }) => level === 'error')).toHaveLength(1)
  })

  it('logs a failure once, however deep the task was nested', async () => {
    const { logger, lines } = recordLogs()
    const { metrics, ended } = recordMetrics()
    const failure = new StorageError({ code: 'bad_query', message: 'broken' })
    const inner = defineTask({
      name: 'inner',
      context: contextSchema,
      run: (): Promise<void> => Promise.reject(failure),
    })
    const middle = taskThat(async (_deps, given, control) => await control.runNested(inner, undefined, given))
    const outer = defineTask({
      name: 'outer',
      context: contextSchema,
      run: async (_deps: null, given, control) => {
        try {
          await control.runNested(middle, '', given)
        } catch (cause) {
          throw new Error('the day failed', { cause })
        }
      },
    })
    const run = runTask(outer, null, context, {
      clock: createManualClock(),
      random: () => 0,
      logger,
      metrics,
    })
    await expect(run).rejects.toThrow('the day failed')
    const errors = lines.filter(({ level }) => level === 'error')
    expect(errors.map(({ details }) => [details['task'], details['err'] ?? details['reason']])).toEqual([
      ['inner', failure],
      ['outer', 'the day failed'],
    ])
    expect(ended).toEqual(['inner failed 0', 'sample-task failed 0', 'outer failed 0'])
  })

  it('stops a loop that only computes when the time limit passes', async () => {
    const task = defineTask({
      name: 'spinning',
      context: contextSchema,
      timeLimitMs: 60,
      run: async (_deps: null, _context, { checkpoint }) => {
        for (let turns = 0; ; turns++) await checkpoint()
      },
    })
    const started = performance.now()
    const run = runTask(task, null, context, { clock: realClock, random: () => 0 })
    await expect(run).rejects.toMatchObject({ name: 'TaskTimeoutError', task: 'spinning', timeLimitMs: 60 })
    expect(performance.now() - started).toBeLessThan(5_000)
  })

  it('stops a computing loop on abort, with the reason of the signal and no error line', async () => {
    const { logger, lines } = recordLogs()
    const { metrics, ended } = recordMetrics()
    const controller = new AbortController()
    const reason = new InterruptedError('SIGINT', 130)
    let turns = 0
    const task = taskThat(async (_deps, _context, { checkpoint }) => {
      for (;;) {
        await checkpoint()
        turns++
      }
    })
    setTimeout(() => controller.abort(reason), 30)
    const run = runTask(task, '', context, {
      clock: realClock,
      random: () => 0,
      logger,
      metrics,
      signal: controller.signal,
    })
    await expect(run).rejects.toBe(reason)
    expect(turns).toBeGreaterThan(0)
    expect(lines.map(({ level, message }) => `${level} ${message}`)).toEqual([
      'info task started',
      'info task stopped before its end',
    ])
    expect(ended[0]).toMatch(/^sample-task aborted/)
  })

  it('aborts a pause between two attempts', async () => {
    const clock = createManualClock()
    const controller = new AbortController()
    const task = defineTask({
      name: 'flaky',
      context: contextSchema,
      retry: { attempts: 9, baseDelayMs: 60_000 },
      run: async (_deps: null) => {
        throw new StorageError({ code: 'unavailable', message: 'down' })
      },
    })
    const run = runTask(task, null, context, { clock, random: () => 0, signal: controller.signal }).catch(
      (error: unknown) => error,
    )
    await clock.advance(10)
    controller.abort(new InterruptedError('SIGTERM', 143))
    expect(await run).toBe(controller.signal.reason)
  })

  it('does not start when the signal is already aborted', async () => {
    let ran = false
    const task = taskThat(async () => {
      ran = true
    })
    const signal = AbortSignal.abort(new InterruptedError('SIGINT', 130))
    await expect(runTask(task, '', context, { clock: realClock, random: () => 0, signal })).rejects.toBe(
      signal.reason,
    )
    expect(ran).toBe(false)
  })

  it('lets the current step finish after an abort, and its result counts', async () => {
    const clock = createManualClock()
    const controller = new AbortController()
    const task = taskThat(async () => {
      await clock.sleep(500)
      return 'stored'
    })
    const run = runTask(task, '', context, {
      clock,
      random: () => 0,
      signal: controller.signal,
      graceMs: 1_000,
    })
    await clock.advance(100)
    controller.abort()
    await clock.advance(400)
    await expect(run).resolves.toBe('stored')
  })

  it('gives up a step that ignores the abort when the grace period ends', async () => {
    const clock = createManualClock()
    const { logger, lines } = recordLogs()
    const task = defineTask({
      name: 'stuck',
      context: contextSchema,
      timeLimitMs: 1_000,
      run: async (_deps: null) => await Promise.race<never>([]),
    })
    const run = runTask(task, null, context, { clock, random: () => 0, logger, graceMs: 200 }).catch(
      (error: unknown) => error,
    )
    await clock.advance(1_199)
    expect(lines.some(({ level }) => level === 'error')).toBe(false)
    await clock.advance(1)
    expect(await run).toMatchObject({ name: 'TaskTimeoutError' })
    expect(lines.filter(({ level }) => level === 'error').map(({ message }) => message)).toEqual([
      'task did not stop when asked; it is given up and may still be at work',
      'task failed',
    ])
  })

  it('tells the limit, not the client error that the limit caused', async () => {
    const clock = createManualClock()
    const task = defineTask({
      name: 'waiting',
      context: contextSchema,
      timeLimitMs: 100,
      run: async (_deps: null, _context, { signal }) => {
        await new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () =>
            reject(new DOMException('The operation was aborted', 'AbortError')),
          )
        })
      },
    })
    const run = runTask(task, null, context, { clock, random: () => 0 }).catch((error: unknown) => error)
    await clock.advance(100)
    expect(await run).toMatchObject({ name: 'TaskTimeoutError' })
  })

  it('refuses a result that breaks its schema', async () => {
    const task = defineTask({
      name: 'wrong',
      context: contextSchema,
      result: z.strictObject({ rows: z.int() }),
      run: async (_deps: null) => ({ rows: 1.5 }),
    })
    await expect(runTask(task, null, context, { clock: realClock, random: () => 0 })).rejects.toThrow(
      /task wrong returned a result that breaks its own schema/,
    )
  })
})

describe('defineTask', () => {
  it.each([
    [{ name: 'ScoreBatch' }, TypeError],
    [{ name: '' }, TypeError],
    [{ name: 'a', timeLimitMs: 0 }, RangeError],
    [{ name: 'a', timeLimitMs: Number.NaN }, RangeError],
    [{ name: 'a', retry: { attempts: 0 } }, RangeError],
    [{ name: 'a', retry: { attempts: 1.5 } }, RangeError],
  ])('refuses %j', (part, kind) => {
    expect(() => defineTask({ context: contextSchema, run: async () => null, ...part })).toThrow(kind)
  })
})
