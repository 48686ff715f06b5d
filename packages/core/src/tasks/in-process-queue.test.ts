import { describe, expect, it } from 'vitest'

import { createInProcessQueue, type JobHandler } from './in-process-queue.ts'
import { createManualClock } from './manual-clock.ts'

const clock = createManualClock()

function countingHandler(): { handler: JobHandler; most: () => number; order: string[] } {
  let running = 0
  let most = 0
  const order: string[] = []
  const handler: JobHandler = async (context) => {
    order.push(String(context))
    most = Math.max(most, ++running)
    await clock.sleep(10)
    running--
  }
  return { handler, most: () => most, order }
}

async function addAll(queue: ReturnType<typeof createInProcessQueue>, count: number): Promise<void> {
  for (let index = 0; index < count; index++) {
    await queue.add({ task: 'count', context: index, jobId: `job ${index}` })
  }
}

describe('in-process queue', () => {
  it('runs everything in order, never more at a time than allowed', async () => {
    const { handler, most, order } = countingHandler()
    await using queue = createInProcessQueue({ handlers: { count: handler }, concurrency: 3 })
    await addAll(queue, 10)
    expect(await queue.counts()).toEqual({ waiting: 7, running: 3 })
    const drained = queue.drain()
    await clock.advance(100)
    expect(await drained).toEqual({ completed: 10, failedCount: 0, failed: [], dropped: [] })
    expect(most()).toBe(3)
    expect(order).toEqual(Array.from({ length: 10 }, (_, index) => String(index)))
    expect(await queue.counts()).toEqual({ waiting: 0, running: 0 })
    expect(await queue.drain()).toEqual({ completed: 0, failedCount: 0, failed: [], dropped: [] })
  })

  it('takes what is urgent first, and equals in the order they came', async () => {
    const { handler, order } = countingHandler()
    await using queue = createInProcessQueue({ handlers: { count: handler }, concurrency: 1 })
    for (const [context, priority] of [[0], [1], [2, 500], [3, 1], [4], [5, 1]] as const) {
      await queue.add({
        task: 'count',
        context,
        jobId: `job ${context}`,
        ...(priority === undefined ? {} : { priority }),
      })
    }
    const drained = queue.drain()
    await clock.advance(100)
    await drained
    expect(order).toEqual(['0', '3', '5', '1', '4', '2'])
    for (const priority of [0, 1_001, 1.5, Number.NaN]) {
      const job = { task: 'count', context: 9, jobId: 'x', priority }
      await expect(queue.add(job)).rejects.toThrow(/^priority: .* is not a priority/)
    }
  })

  it('accepts a job once while it waits or runs, and again afterwards', async () => {
    const { handler, order } = countingHandler()
    await using queue = createInProcessQueue({ handlers: { count: handler }, concurrency: 1 })
    const job = { task: 'count', context: 1, jobId: 'torus 2025-08-01 7' }
    expect(await queue.add(job)).toEqual({ jobId: job.jobId, accepted: true })
    expect(await queue.add(job)).toEqual({ jobId: job.jobId, accepted: false })
    const drained = queue.drain()
    await clock.advance(20)
    await drained
    expect((await queue.add(job)).accepted).toBe(true)
    await clock.advance(20)
    expect(order).toHaveLength(2)
  })

  it('goes on after failures, thrown or rejected, and reports each', async () => {
    const failure = new Error('boom')
    await using queue = createInProcessQueue({
      handlers: {
        throws: () => {
          throw failure
        },
        rejects: async () => await Promise.reject(failure),
        works: async () => 1,
      },
      concurrency: 1,
    })
    for (const task of ['throws', 'rejects', 'works']) await queue.add({ task, context: null, jobId: task })
    expect(await queue.drain()).toEqual({
      completed: 1,
      failedCount: 2,
      failed: [
        { jobId: 'throws', task: 'throws', error: failure },
        { jobId: 'rejects', task: 'rejects', error: failure },
      ],
      dropped: [],
    })
  })

  it('drops what has not started when it is closed, and waits for what runs', async () => {
    const { handler, order } = countingHandler()
    const queue = createInProcessQueue({ handlers: { count: handler }, concurrency: 2 })
    await addAll(queue, 5)
    let closed = false
    const closing = queue.close().then(() => {
      closed = true
    })
    await clock.advance(5)
    expect(closed).toBe(false)
    await clock.advance(5)
    await closing
    expect(order).toEqual(['0', '1'])
    expect(await queue.drain()).toMatchObject({ completed: 2, dropped: ['job 2', 'job 3', 'job 4'] })
    await expect(queue.add({ task: 'count', context: 1, jobId: 'late' })).rejects.toMatchObject({
      code: 'unavailable',
      retryable: false,
    })
  })

  it('passes an abort to running jobs and starts no further one', async () => {
    const controller = new AbortController()
    const reason = new Error('stop')
    const seen: unknown[] = []
    const queue = createInProcessQueue({
      handlers: {
        wait: async (_context, { signal }) => {
          await new Promise((_resolve, reject) => {
            signal.addEventListener('abort', () => {
              seen.push(signal.reason)
              reject(signal.reason)
            })
          })
        },
      },
      concurrency: 1,
      signal: controller.signal,
    })
    await queue.add({ task: 'wait', context: null, jobId: 'a' })
    await queue.add({ task: 'wait', context: null, jobId: 'b' })
    await clock.advance(0)
    controller.abort(reason)
    expect(await queue.drain()).toMatchObject({ completed: 0, failedCount: 1, dropped: ['b'] })
    expect(seen).toEqual([reason])
    await expect(queue.add({ task: 'wait', context: null, jobId: 'c' })).rejects.toBe(reason)
    await queue.close()
  })

  it('lets a drain be aborted without harm to the work', async () => {
    const { handler, order } = countingHandler()
    await using queue = createInProcessQueue({ handlers: { count: handler }, concurrency: 1 })
    await addAll(queue, 2)
    const controller = new AbortController()
    const draining = queue.drain({ signal: controller.signal })
    controller.abort(new Error('tired'))
    await expect(draining).rejects.toThrow('tired')
    const again = queue.drain()
    await clock.advance(50)
    expect((await again).completed).toBe(2)
    expect(order).toHaveLength(2)
  })

  it('carries contexts as JSON: copies, and nothing else', async () => {
    const got: unknown[] = []
    await using queue = createInProcessQueue({
      handlers: { keep: async (context) => got.push(context) },
      concurrency: 1,
    })
    const context = { days: [1, 2], none: null, absent: undefined }
    await queue.add({ task: 'keep', context, jobId: '1' })
    context.days.push(3)
    await queue.drain()
    expect(got).toEqual([{ days: [1, 2], none: null }])
    for (const bad of [undefined, 1n, { at: 1n }]) {
      await expect(queue.add({ task: 'keep', context: bad, jobId: '2' })).rejects.toMatchObject({
        name: 'InputError',
        field: 'context of keep',
      })
    }
  })

  it('refuses an unknown task and a concurrency that is none', async () => {
    await using queue = createInProcessQueue({
      handlers: { a: async () => 1, b: async () => 2 },
      concurrency: 1,
    })
    for (const task of ['c', 'toString', '']) {
      await expect(queue.add({ task, context: 1, jobId: '1' })).rejects.toThrow(/use one of a, b/)
    }
    for (const concurrency of [0, 1.5, Number.NaN, -1]) {
      expect(() => createInProcessQueue({ handlers: {}, concurrency })).toThrow(/whole number from 1/)
    }
  })
})
