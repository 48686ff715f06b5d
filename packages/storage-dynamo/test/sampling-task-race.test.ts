import { setTimeout as sleep } from 'node:timers/promises'

import { isStorageError, type SamplingTask, type SamplingTaskRepository } from '@subnetkit/core'
import { buildSamplingTasks, sampleKeyOf, taskNow, TASK_LEASE_MS } from '@subnetkit/core/contracts'
import { afterAll, beforeAll, expect, it } from 'vitest'

import { spawnTypeScript, type TestProgram } from '../../core/test/spawn-typescript.ts'
import { createDynamoRepositories, taskQueueTable } from '../src/index.ts'
import { describeOnEachEngineInSoak } from './engine.ts'
import { openConnection, type TestConnection } from './open-connection.ts'

const isSoak = process.env['SUBNETKIT_SOAK'] === '1'
const WORKERS = isSoak ? 64 : 16
/** DynamoDB Local takes forty milliseconds for a call: a fifth of the soak is enough there. */
const SOAK_TASKS = { embedded: 10_000, 'dynamodb-local': 2_000, server: 10_000 } as const
const QUICK_TASKS = 96
const VANISH_TASKS = isSoak ? 2_000 : 60
const MOST_ROUNDS = 100
const KILLED_TASKS = isSoak ? 600 : 30
/** A few within a lease; each asks every shard. */
const SWEEP_MS = 500
const KILLS = isSoak ? 10 : 1
/** A busy machine is many times slower. */
const RACE_MS = isSoak ? 600_000 : 90_000
/** Processes start slowly on a busy machine, and each kill costs a lease. */
const KILLS_MS = isSoak ? 600_000 : 90_000
const workerProgram = new URL('sampling-task-worker.ts', import.meta.url)

/** Numbers in [0, 1) that are the same in each run. */
function seededRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

const numerically = (left: number, right: number): number => left - right

describeOnEachEngineInSoak('workers on one queue', (engine) => {
  const tasksOfRace = isSoak ? SOAK_TASKS[engine.name] : QUICK_TASKS
  let opened: TestConnection
  beforeAll(async () => {
    opened = await openConnection(engine, [taskQueueTable])
  })
  afterAll(async () => {
    await opened.close()
  })
  /** As many repositories as processes: they share nothing but the store. */
  const newProcess = (): SamplingTaskRepository => createDynamoRepositories(opened.connection).samplingTasks
  const all = async (minerHotkey: string): Promise<readonly SamplingTask[]> =>
    (await newProcess().list({ minerHotkey, now: taskNow, limit: 10_000 })).items
  const complete = (tasks: SamplingTaskRepository, task: SamplingTask, now: Date): Promise<SamplingTask> => {
    const sampleId = `${task.taskId}`.padStart(32, '0')
    return tasks.complete({ key: sampleKeyOf(task), token: task.lease?.token ?? '', sampleId, now })
  }

  it(
    `${WORKERS} workers take ${tasksOfRace} tasks, none twice, none left`,
    { timeout: RACE_MS },
    async () => {
      const place = { environment: 'race', minerHotkey: 'race' }
      const wanted = buildSamplingTasks(place, tasksOfRace)
      await newProcess().create({ tasks: wanted, now: taskNow })
      const taken: number[] = []
      const work = async (worker: number): Promise<void> => {
        const tasks = newProcess()
        for (let turn = 0; ; turn += 1) {
          const owner = `worker-${worker}`
          const claim = { ...place, owner, claimId: `${owner}-${turn}`, limit: 1 + (worker % 4) }
          const held = await tasks.claim({ ...claim, leaseMs: TASK_LEASE_MS, now: taskNow })
          if (held.length === 0) return
          taken.push(...held.map(({ taskId }) => taskId))
        }
      }
      await Promise.all(Array.from({ length: WORKERS }, (_, worker) => work(worker)))
      expect(taken.toSorted(numerically)).toStrictEqual(wanted.map(({ taskId }) => taskId))
      const open = await newProcess().listOpenTaskIds({
        scope: { ...place, modelRevision: '4f1c2d9' },
        generation: 1,
      })
      expect(open).toStrictEqual(wanted.map(({ taskId }) => taskId))
    },
  )

  it(
    'completes everything exactly once while workers vanish and sweepers run',
    { timeout: RACE_MS },
    async () => {
      const place = { environment: 'vanish', minerHotkey: 'vanish' }
      const wanted = buildSamplingTasks(place, VANISH_TASKS, { maxAttempts: 100 })
      await newProcess().create({ tasks: wanted, now: taskNow })
      const random = seededRandom(11)
      const completed: number[] = []
      let clockMs = taskNow.getTime()
      let vanished = 0
      const work = async (worker: number, round: number): Promise<void> => {
        const tasks = newProcess()
        for (let turn = 0; ; turn += 1) {
          const claimId = `worker-${worker}-${round}-${turn}`
          const claim = { ...place, owner: `worker-${worker}`, claimId, limit: 4, leaseMs: TASK_LEASE_MS }
          const held = await tasks.claim({ ...claim, now: new Date(clockMs) })
          if (held.length === 0) return
          for (const task of held) {
            if (random() < 0.05) {
              vanished += 1
              return
            }
            await complete(tasks, task, new Date(clockMs))
            completed.push(task.taskId)
          }
        }
      }
      for (let round = 0; completed.length < wanted.length && round < MOST_ROUNDS; round += 1) {
        await Promise.all(Array.from({ length: WORKERS }, (_, worker) => work(worker, round)))
        clockMs += TASK_LEASE_MS
        const sweep = { environment: place.environment, now: new Date(clockMs) }
        await Promise.all([newProcess().sweep(sweep), newProcess().sweep(sweep)])
      }
      expect(vanished).toBeGreaterThan(0)
      expect(completed.toSorted(numerically)).toStrictEqual(wanted.map(({ taskId }) => taskId))
      const statuses = new Set((await all('vanish')).map(({ status }) => status))
      expect([...statuses]).toStrictEqual(['completed'])
    },
  )

  it('lets a worker that comes back late lose its tasks, but not those that nobody took over', async () => {
    const place = { environment: 'late', minerHotkey: 'late' }
    const tasks = newProcess()
    await tasks.create({ tasks: buildSamplingTasks(place, 2), now: taskNow })
    const claim = { ...place, owner: 'late', limit: 1, leaseMs: TASK_LEASE_MS, now: taskNow }
    const [first] = await tasks.claim({ ...claim, claimId: 'first' })
    const end = new Date(taskNow.getTime() + TASK_LEASE_MS)
    const [second] = await tasks.claim({ ...claim, claimId: 'second', leaseMs: 2 * TASK_LEASE_MS })
    expect(await tasks.sweep({ ...place, now: end })).toMatchObject({ reclaimed: 1 })
    expect(await tasks.claim({ ...claim, claimId: 'heir', now: end })).toHaveLength(1)
    if (first === undefined || second === undefined) expect.unreachable()
    const lost = await complete(tasks, first, end).catch((error: unknown) => error)
    expect(isStorageError(lost, 'conflict')).toBe(true)
    expect((await complete(tasks, second, end)).status).toBe('completed')
  })

  it(
    'completes everything exactly once when worker processes are killed',
    { timeout: KILLS_MS },
    async () => {
      const place = { environment: 'killed', minerHotkey: 'killed' }
      const tasks = newProcess()
      const wanted = buildSamplingTasks(place, KILLED_TASKS, { maxAttempts: 100 })
      await tasks.create({ tasks: wanted, now: new Date() })
      const completed: number[] = []
      let workers = 0
      const spawnWorker = (): TestProgram => {
        const { tablePrefix } = opened.connection
        const name = `worker-${(workers += 1)}`
        return spawnTypeScript(workerProgram, engine.endpoint, tablePrefix, place.environment, name)
      }
      /** Reads what a worker does until no task is left; the first ones are killed as soon as they hold something. */
      const supervise = async (kills: number): Promise<void> => {
        await using program = spawnWorker()
        for (;;) {
          const [word, number] = (await program.line()).split(' ')
          if (word === 'completed') completed.push(Number(number))
          if (word === 'idle') return
          if (word === 'claimed' && number !== '0' && kills > 0) {
            await program.kill()
            return supervise(kills - 1)
          }
        }
      }
      const ended = new AbortController()
      const sweeping = (async () => {
        while (!ended.signal.aborted) {
          await tasks.sweep({ environment: place.environment, now: new Date() })
          await sleep(SWEEP_MS)
        }
      })()
      const supervising = Promise.all([supervise(KILLS), supervise(0)])
      await Promise.race([supervising, sweeping]).finally(() => ended.abort())
      await Promise.all([supervising, sweeping])
      expect(completed.length).toBe(new Set(completed).size)
      const left = await all('killed')
      expect(left.map(({ status, taskId }) => `${taskId} ${status}`)).toStrictEqual(
        wanted.map(({ taskId }) => `${taskId} completed`),
      )
      expect(left.filter(({ attempts }) => attempts > 1).length).toBeGreaterThan(0)
    },
  )
})
