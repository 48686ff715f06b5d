import { describe, expect, it } from 'vitest'

import { samplingBackoffMs } from '../rules/sampling-task-rules.ts'
import { sampleKeyOf } from './sample-builders.ts'
import { expectInvalid, idsOf } from './sample-suite.ts'
import {
  buildSamplingTask,
  buildSamplingTasks,
  claimOne,
  claimTasks,
  createTasks,
  expectConflict,
  storedTask,
  taskError,
  taskNow,
  TASK_LEASE_MS,
  TASK_SAMPLE_ID,
  taskTime,
  type SamplingTaskSuite,
} from './sampling-task-suite.ts'

const HOUR_MS = 3_600_000
const nothing = { ready: 0, reclaimed: 0, quarantined: 0 }

/** What time does to tasks, and what a miner's new model does. */
export function samplingTaskSweepContract(suite: SamplingTaskSuite): void {
  describe('leases that run out', () => {
    it('makes the task claimable at its end, not before, also when the clock goes back', async () => {
      const { repository } = suite
      const task = await claimOne(suite, 'dies')
      const { environment } = task
      for (const ms of [TASK_LEASE_MS - 1, -HOUR_MS]) {
        expect(await repository.sweep({ environment, now: taskTime(ms) })).toStrictEqual(nothing)
        expect(await claimTasks(suite, task, `early${ms}`, { now: taskTime(ms) })).toStrictEqual([])
      }
      const end = taskTime(TASK_LEASE_MS)
      expect(await repository.sweep({ environment, now: end })).toStrictEqual({ ...nothing, reclaimed: 1 })
      expect(await repository.sweep({ environment, now: end })).toStrictEqual(nothing)
      const [again] = await claimTasks(suite, task, 'heir', { now: end })
      expect(again).toMatchObject({ attempts: 2, lease: { token: 'heir' } })
      expect(again?.lastError?.kind).toBe('lease_expired')
      expect(again?.lastError?.message).toContain('worker-1')
    })

    it('quarantines a task whose last attempt it was', async () => {
      const { repository } = suite
      const task = await claimOne(suite, 'poison', { maxAttempts: 1 })
      const { environment } = task
      const end = taskTime(TASK_LEASE_MS)
      expect(await repository.sweep({ environment, now: end })).toStrictEqual({ ...nothing, quarantined: 1 })
      expect(await claimTasks(suite, task, 'next', { now: end })).toStrictEqual([])
      expect(await storedTask(suite, sampleKeyOf(task))).toMatchObject({
        status: 'quarantined',
        lease: null,
        lastError: { kind: 'lease_expired' },
      })
    })

    it('leaves alone what a heartbeat renewed', async () => {
      const { repository } = suite
      const task = await claimOne(suite, 'alive')
      const at = { token: 'alive', leaseMs: TASK_LEASE_MS, now: taskTime(TASK_LEASE_MS - 1) }
      await repository.heartbeat({ key: sampleKeyOf(task), ...at })
      const { environment } = task
      expect(await repository.sweep({ environment, now: taskTime(TASK_LEASE_MS) })).toStrictEqual(nothing)
    })

    it('counts each task once, however many sweepers run', async () => {
      const place = suite.newPlace()
      await createTasks(suite, buildSamplingTasks(place, 30))
      expect(await claimTasks(suite, place, 'all', { limit: 100 })).toHaveLength(30)
      const now = taskTime(TASK_LEASE_MS)
      const swept = await Promise.all(
        Array.from({ length: 6 }, async () =>
          suite.repository.sweep({ environment: place.environment, now }),
        ),
      )
      expect(swept.map(({ reclaimed }) => reclaimed).reduce((left, right) => left + right)).toBe(30)
      expect(await claimTasks(suite, place, 'again', { limit: 100, now })).toHaveLength(30)
    })
  })

  describe('back-off', () => {
    it('lasts as long as the rule says, and ends with a sweep', async () => {
      const { repository } = suite
      const task = await claimOne(suite, 'late')
      const { environment } = task
      const key = sampleKeyOf(task)
      const failed = await repository.fail({ key, token: 'late', now: taskTime(500), error: taskError })
      const delayMs = 500 + samplingBackoffMs(key, 1)
      expect(failed.notBefore).toStrictEqual(taskTime(delayMs))
      for (const ms of [delayMs - 1, -HOUR_MS]) {
        expect(await repository.sweep({ environment, now: taskTime(ms) })).toStrictEqual(nothing)
        expect(await claimTasks(suite, task, `early${ms}`, { now: taskTime(ms) })).toStrictEqual([])
      }
      const end = taskTime(delayMs)
      expect(await repository.sweep({ environment, now: end })).toStrictEqual({ ...nothing, ready: 1 })
      const [again] = await claimTasks(suite, task, 'next', { now: end })
      expect(again).toMatchObject({ attempts: 2, lastError: taskError })
    })

    it('is not shortened by a clock that went back', async () => {
      const { repository } = suite
      const task = await claimOne(suite, 'jump')
      const key = sampleKeyOf(task)
      const now = taskTime(-HOUR_MS)
      const { notBefore } = await repository.fail({ key, token: 'jump', now, error: taskError })
      expect(notBefore.getTime()).toBeGreaterThan(taskNow.getTime())
    })
  })

  describe('revoke', () => {
    it('revokes every open task of another model, and only those', async () => {
      const { repository } = suite
      const place = suite.newPlace()
      const other = { ...place, minerHotkey: `${place.minerHotkey}x` }
      await createTasks(suite, [
        ...buildSamplingTasks(place, 4, { modelHash: 'old', maxAttempts: 1 }),
        buildSamplingTask(place, { taskId: 9, modelHash: 'new' }),
        buildSamplingTask(other, { taskId: 10, modelHash: 'old' }),
      ])
      const [first, second, third] = await claimTasks(suite, place, 'held', { limit: 3 })
      const keys = [first, second, third].map((task) => sampleKeyOf(task ?? buildSamplingTask(place)))
      const [done = keys[0], broken, running] = keys
      if (done === undefined || broken === undefined || running === undefined) expect.unreachable()
      const held = { token: 'held', now: taskNow }
      await repository.complete({ ...held, key: done, sampleId: TASK_SAMPLE_ID })
      await repository.fail({ ...held, key: broken, error: taskError })
      const revoke = { minerHotkey: place.minerHotkey, exceptModelHash: 'new', now: taskTime(1) }
      expect(await repository.revoke(revoke)).toStrictEqual({ revoked: 3 })
      expect(await repository.revoke(revoke)).toStrictEqual({ revoked: 0 })

      await expectConflict(
        repository.complete({ ...held, key: running, sampleId: TASK_SAMPLE_ID }),
        'revoked',
      )
      expect((await storedTask(suite, done)).status).toBe('completed')
      expect(await storedTask(suite, broken)).toMatchObject({ status: 'revoked', lastError: taskError })
      const left = await claimTasks(suite, place, 'left', { now: taskTime(1) })
      expect(idsOf(left)).toStrictEqual([9, 10])
      const { environment } = place
      const counts = await repository.count({ environment })
      expect(counts).toStrictEqual({ claimable: 0, waiting: 0, claimed: 2, quarantined: 0 })
      expect(await repository.sweep({ environment, now: taskTime(HOUR_MS) })).toMatchObject({ reclaimed: 2 })
    })

    it('revokes all without a model, those in back-off too, and hides them after 7 days', async () => {
      const { repository } = suite
      const place = suite.newPlace()
      const { minerHotkey } = place
      await createTasks(suite, buildSamplingTasks(place, 60))
      const [task] = await claimTasks(suite, place, 'one', { limit: 1 })
      const key = sampleKeyOf(task ?? buildSamplingTask(place))
      await repository.fail({ key, token: 'one', now: taskNow, error: taskError })
      const all = { minerHotkey, exceptModelHash: null, now: taskNow }
      expect(await repository.revoke(all)).toStrictEqual({ revoked: 60 })
      expect(await repository.listOpenTaskIds({ scope: key, generation: 1 })).toStrictEqual([])
      expect((await storedTask(suite, key, taskTime(7 * 24 * HOUR_MS - 1))).status).toBe('revoked')
      expect(await repository.find({ key, now: taskTime(7 * 24 * HOUR_MS + 1000) })).toBeNull()
    })

    it('refuses a bad hotkey and an empty model hash', async () => {
      const good = { minerHotkey: 'miner', exceptModelHash: null, now: taskNow }
      await expectInvalid(suite.repository.revoke({ ...good, minerHotkey: 'a b' }))
      await expectInvalid(suite.repository.revoke({ ...good, exceptModelHash: '' }))
      await expectInvalid(suite.repository.sweep({ environment: 'a b', now: taskNow }))
    })
  })
}
