import { isStorageError, StorageError, type SamplingTask, type SamplingTaskRepository } from '@subnetkit/core'
import {
  buildSamplingTasks,
  sampleKeyOf,
  taskError,
  taskNow,
  TASK_LEASE_MS,
  TASK_SAMPLE_ID,
  taskTime,
} from '@subnetkit/core/contracts'
import { afterAll, beforeAll, expect, it } from 'vitest'

import { createDynamoRepositories, taskQueueTable, type DynamoConnection } from '../src/index.ts'
import { describeOnEachEngineInSoak } from './engine.ts'
import { openConnection, type TestConnection } from './open-connection.ts'

/** What may happen to a request, in the order in which it is drawn. */
type Fault = 'none' | 'refused' | 'answer lost' | 'sent again'

/** The same connection, with a fault drawn for each write and each read. Reads are only refused. */
function faulty(connection: DynamoConnection, draw: () => Fault): DynamoConnection {
  const { documents } = connection
  const lost = (): StorageError => new StorageError({ code: 'unavailable', message: 'the line is bad' })
  const write =
    <Input, Options, Output>(run: (input: Input, options?: Options) => Promise<Output>) =>
    async (input: Input, options?: Options): Promise<Output> => {
      const fault = draw()
      if (fault === 'refused') throw lost()
      const output = await run(input, options)
      if (fault === 'answer lost') throw lost()
      return fault === 'sent again' ? run(input, options) : output
    }
  const read =
    <Input, Options, Output>(run: (input: Input, options?: Options) => Promise<Output>) =>
    async (input: Input, options?: Options): Promise<Output> => {
      if (draw() === 'refused') throw lost()
      return run(input, options)
    }
  return {
    ...connection,
    documents: {
      get: read(documents.get),
      query: read(documents.query),
      scan: read(documents.scan),
      batchGet: read(documents.batchGet),
      put: write(documents.put),
      update: write(documents.update),
      delete: write(documents.delete),
      batchWrite: write(documents.batchWrite),
    },
  }
}

/** Repeats a call until it is answered, as a worker does. */
async function insisted<Answer>(call: () => Promise<Answer>): Promise<Answer> {
  for (;;) {
    try {
      return await call()
    } catch (error) {
      if (!isStorageError(error) || !error.retryable) throw error
    }
  }
}

/** Numbers in [0, 1) that are the same in each run. */
function seededRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

describeOnEachEngineInSoak('sampling tasks on a bad line', (engine) => {
  let opened: TestConnection
  beforeAll(async () => {
    opened = await openConnection(engine, [taskQueueTable])
  })
  afterAll(async () => {
    await opened.close()
  })
  const tasksOver = (connection: DynamoConnection): SamplingTaskRepository =>
    createDynamoRepositories(connection).samplingTasks

  it('takes and settles every task exactly once when every write is sent again after its success', async () => {
    const place = { environment: 'resent', minerHotkey: 'resent' }
    const tasks = tasksOver(faulty(opened.connection, () => 'sent again'))
    await tasks.create({ tasks: buildSamplingTasks(place, 30, { maxAttempts: 2 }), now: taskNow })
    const claim = { ...place, owner: 'w', claimId: 'mine', limit: 20, leaseMs: TASK_LEASE_MS, now: taskNow }
    const held = await tasks.claim(claim)
    expect(held.map(({ taskId, attempts }) => ({ taskId, attempts }))).toStrictEqual(
      Array.from({ length: 20 }, (_, index) => ({ taskId: index + 1, attempts: 1 })),
    )
    const settle = async (task: SamplingTask): Promise<string> => {
      const by = { key: sampleKeyOf(task), token: 'mine', now: taskNow }
      if (task.taskId <= 5) return (await tasks.complete({ ...by, sampleId: TASK_SAMPLE_ID })).status
      if (task.taskId <= 10) return `failed ${(await tasks.fail({ ...by, error: taskError })).attempts}`
      if (task.taskId <= 15) return `released ${(await tasks.release(by)).attempts}`
      return (await tasks.heartbeat({ ...by, leaseMs: 2 * TASK_LEASE_MS })).status
    }
    const outcomes = await Promise.all(held.map(settle))
    expect(outcomes).toStrictEqual([
      ...Array<string>(5).fill('completed'),
      ...Array<string>(5).fill('failed 1'),
      ...Array<string>(5).fill('released 0'),
      ...Array<string>(5).fill('claimed'),
    ])
    const { environment } = place
    const counts = { claimable: 15, waiting: 5, claimed: 5, quarantined: 0 }
    expect(await tasks.count({ environment })).toStrictEqual(counts)
    await tasks.sweep({ environment, now: taskTime(10 * TASK_LEASE_MS) })
    const swept = { claimable: 25, waiting: 0, claimed: 0, quarantined: 0 }
    expect(await tasks.count({ environment })).toStrictEqual(swept)
    await tasks.revoke({ minerHotkey: 'resent', exceptModelHash: null, now: taskNow })
    expect(await tasks.count({ environment })).toStrictEqual({ ...swept, claimable: 0 })
  })

  it('completes every task exactly once when half of all requests go wrong', async () => {
    const place = { environment: 'half', minerHotkey: 'half' }
    const random = seededRandom(7)
    const faults: readonly Fault[] = ['none', 'none', 'none', 'refused', 'answer lost', 'sent again']
    const tasks = tasksOver(
      faulty(opened.connection, () => faults[Math.floor(random() * faults.length)] ?? 'none'),
    )
    const wanted = buildSamplingTasks(place, 12)
    await insisted(() => tasks.create({ tasks: wanted, now: taskNow }))
    const completed: number[] = []
    const worker = async (name: string): Promise<void> => {
      for (let turn = 0; ; turn += 1) {
        const claimId = `${name}-${turn}`
        const claim = { ...place, owner: name, claimId, limit: 3, leaseMs: TASK_LEASE_MS, now: taskNow }
        const held = await insisted(() => tasks.claim(claim))
        if (held.length === 0) return
        for (const task of held) {
          const by = { key: sampleKeyOf(task), token: claimId, now: taskNow }
          const done = await insisted(() => tasks.complete({ ...by, sampleId: TASK_SAMPLE_ID }))
          expect(done).toMatchObject({ status: 'completed', attempts: 1 })
          completed.push(task.taskId)
        }
      }
    }
    await Promise.all(['a', 'b', 'c'].map(worker))
    const sorted = completed.toSorted((left, right) => left - right)
    expect(sorted).toStrictEqual(wanted.map(({ taskId }) => taskId))
  })

  it('tells a failure, never an empty queue, when the queue cannot be read', async () => {
    const tasks = tasksOver(faulty(opened.connection, () => 'refused'))
    const place = { environment: 'dark', minerHotkey: 'dark' }
    const claim = { ...place, owner: 'w', claimId: 'c', limit: 1, leaseMs: 1, now: taskNow }
    const dark = { code: 'unavailable' }
    await expect(tasks.claim(claim)).rejects.toMatchObject(dark)
    await expect(tasks.count(place)).rejects.toMatchObject(dark)
    await expect(tasks.sweep({ ...place, now: taskNow })).rejects.toMatchObject(dark)
    await expect(tasks.listQuarantined({ ...place, limit: 1 })).rejects.toMatchObject(dark)
    const scope = { ...place, modelRevision: 'r' }
    await expect(tasks.listOpenTaskIds({ scope, generation: 1 })).rejects.toMatchObject(dark)
  })

  it('still gives what it can read, and says so when that is nothing', async () => {
    const place = { environment: 'partly', minerHotkey: 'partly' }
    const alive = tasksOver(opened.connection)
    await alive.create({ tasks: buildSamplingTasks(place, 40), now: taskNow })
    const { documents } = opened.connection
    const oneShardDark: DynamoConnection = {
      ...opened.connection,
      documents: {
        ...documents,
        query: async (input, options) => {
          const values = Object.values(input.ExpressionAttributeValues ?? {})
          if (values.some((value) => String(value).endsWith('SHARD#00')))
            throw new StorageError({ code: 'throttled', message: 'slow down' })
          return documents.query(input, options)
        },
      },
    }
    const claim = { ...place, owner: 'w', leaseMs: 1000, limit: 100, now: taskNow }
    const some = await tasksOver(oneShardDark).claim({ ...claim, claimId: 'some' })
    expect(some.length).toBeGreaterThan(0)
    expect(some.length).toBeLessThan(40)
    const left = tasksOver(oneShardDark).claim({ ...claim, claimId: 'left' })
    await expect(left).rejects.toMatchObject({ code: 'throttled' })
    expect(await alive.claim({ ...claim, claimId: 'rest' })).toHaveLength(40 - some.length)
  })
})
