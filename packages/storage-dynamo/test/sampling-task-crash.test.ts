import type { SamplingTask, SamplingTaskRepository } from '@subnetkit/core'
import {
  buildSamplingTasks,
  sampleKeyOf,
  taskError,
  taskNow,
  TASK_LEASE_MS,
  TASK_SAMPLE_ID,
  taskTime,
  type SamplingTaskPlace,
} from '@subnetkit/core/contracts'
import { afterAll, beforeAll, expect, it } from 'vitest'

import { createDynamoRepositories, taskQueueTable, type DynamoConnection } from '../src/index.ts'
import { killAtEachWrite } from './dying-connection.ts'
import { describeOnEachEngineInSoak } from './engine.ts'
import { openConnection, type TestConnection } from './open-connection.ts'

const COUNT = 4

describeOnEachEngineInSoak('sampling tasks, killed', (engine) => {
  let opened: TestConnection
  let alive: SamplingTaskRepository
  beforeAll(async () => {
    opened = await openConnection(engine, [taskQueueTable])
    alive = tasksOver(opened.connection)
  })
  afterAll(async () => {
    await opened.close()
  })
  const tasksOver = (connection: DynamoConnection): SamplingTaskRepository =>
    createDynamoRepositories(connection).samplingTasks
  const placeOf = (name: string): SamplingTaskPlace => ({ environment: name, minerHotkey: name })
  const listOf = async ({ minerHotkey }: SamplingTaskPlace): Promise<readonly SamplingTask[]> =>
    (await alive.list({ minerHotkey, now: taskNow, limit: 100 })).items
  const claimOf = (
    tasks: SamplingTaskRepository,
    { environment }: SamplingTaskPlace,
  ): Promise<readonly SamplingTask[]> =>
    tasks.claim({
      environment,
      owner: 'worker',
      claimId: `c-${environment}`,
      limit: COUNT,
      leaseMs: TASK_LEASE_MS,
      now: taskNow,
    })
  const create = (place: SamplingTaskPlace): ReturnType<SamplingTaskRepository['create']> =>
    alive.create({ tasks: buildSamplingTasks(place, COUNT), now: taskNow })
  const countIn = (place: SamplingTaskPlace): ReturnType<SamplingTaskRepository['count']> =>
    alive.count({ environment: place.environment })

  it('a creation is finished by the next', async () => {
    const writes = await killAtEachWrite(opened.connection, async (dying, cut) => {
      const place = placeOf(`create${cut}`)
      const tasks = buildSamplingTasks(place, COUNT)
      const work = tasksOver(dying).create({ tasks, now: taskNow })
      const check = async (): Promise<void> => {
        const there = (await listOf(place)).length
        expect(await create(place)).toStrictEqual({ created: COUNT - there, present: there })
        expect((await listOf(place)).map(({ taskId }) => taskId)).toStrictEqual([1, 2, 3, 4])
        expect(await claimOf(alive, place)).toHaveLength(COUNT)
      }
      return { work, check }
    })
    expect(writes).toBe(COUNT)
  })

  it('a claim is given again, and what it did not take is left for others', async () => {
    const writes = await killAtEachWrite(opened.connection, async (dying, cut) => {
      const place = placeOf(`claim${cut}`)
      await create(place)
      const work = claimOf(tasksOver(dying), place)
      const check = async (): Promise<void> => {
        const held = (await listOf(place)).filter(({ status }) => status === 'claimed')
        const again = await claimOf(alive, place)
        if (held.length > 0) expect(again).toStrictEqual(held)
        else expect(again).toHaveLength(COUNT)
        expect(again.every(({ attempts }) => attempts === 1)).toBe(true)
        const { claimable, claimed } = await countIn(place)
        expect(claimable + claimed).toBe(COUNT)
      }
      return { work, check }
    })
    expect(writes).toBe(COUNT)
  })

  it('a revocation is finished by the next', async () => {
    const writes = await killAtEachWrite(opened.connection, async (dying, cut) => {
      const place = placeOf(`revoke${cut}`)
      await create(place)
      const revoke = { minerHotkey: place.minerHotkey, exceptModelHash: 'new', now: taskNow }
      const work = tasksOver(dying).revoke(revoke)
      const check = async (): Promise<void> => {
        const left = (await listOf(place)).filter(({ status }) => status !== 'revoked').length
        expect(await alive.revoke(revoke)).toStrictEqual({ revoked: left })
        expect((await listOf(place)).every(({ status }) => status === 'revoked')).toBe(true)
        expect(await claimOf(alive, place)).toStrictEqual([])
      }
      return { work, check }
    })
    expect(writes).toBe(COUNT)
  })

  it('a sweep is finished by the next', async () => {
    const writes = await killAtEachWrite(opened.connection, async (dying, cut) => {
      const place = placeOf(`sweep${cut}`)
      await create(place)
      const [failing] = await claimOf(alive, place)
      if (failing === undefined) expect.unreachable()
      const held = { key: sampleKeyOf(failing), token: `c-${place.environment}`, now: taskNow }
      await alive.fail({ ...held, error: taskError })
      const due = { environment: place.environment, now: taskTime(10 * TASK_LEASE_MS) }
      const work = tasksOver(dying).sweep(due)
      const check = async (): Promise<void> => {
        const { waiting, claimed } = await countIn(place)
        const swept = await alive.sweep(due)
        expect(swept).toStrictEqual({ ready: waiting, reclaimed: claimed, quarantined: 0 })
        const counts = { claimable: COUNT, waiting: 0, claimed: 0, quarantined: 0 }
        expect(await countIn(place)).toStrictEqual(counts)
      }
      return { work, check }
    })
    expect(writes).toBe(COUNT)
  })

  it.each(['complete', 'fail', 'release', 'heartbeat'] as const)(
    'a %s can be repeated, whether it was stored or not',
    async (verb) => {
      const act = (tasks: SamplingTaskRepository, task: SamplingTask): Promise<SamplingTask> => {
        const held = { key: sampleKeyOf(task), token: `c-${task.environment}`, now: taskNow }
        if (verb === 'complete') return tasks.complete({ ...held, sampleId: TASK_SAMPLE_ID })
        if (verb === 'fail') return tasks.fail({ ...held, error: taskError })
        if (verb === 'release') return tasks.release(held)
        return tasks.heartbeat({ ...held, leaseMs: 2 * TASK_LEASE_MS })
      }
      const answers: SamplingTask[] = []
      const writes = await killAtEachWrite(opened.connection, async (dying, cut) => {
        const place = placeOf(`${verb}${cut}`)
        await alive.create({ tasks: buildSamplingTasks(place, 1), now: taskNow })
        const [task] = await claimOf(alive, place)
        if (task === undefined) expect.unreachable()
        const work = act(tasksOver(dying), task)
        const check = async (): Promise<void> => {
          const done = await act(alive, task)
          expect(await listOf(place)).toStrictEqual([done])
          const lease = done.lease === null ? null : { ...done.lease, token: 'any' }
          answers.push({ ...done, ...placeOf('any'), notBefore: taskNow, lease })
        }
        return { work, check }
      })
      expect(writes).toBe(1)
      expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
    },
  )
})
