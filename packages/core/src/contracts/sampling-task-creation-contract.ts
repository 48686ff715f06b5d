import { describe, expect, it } from 'vitest'

import type { NewSamplingTask } from '../models/sampling-task.ts'
import { sampleKeyOf } from './sample-builders.ts'
import { expectInvalid } from './sample-suite.ts'
import {
  buildSamplingTask,
  buildSamplingTasks,
  claimOne,
  claimTasks,
  createTasks,
  storedTask,
  taskError,
  taskNow,
  TASK_SAMPLE_ID,
  taskTime,
  type SamplingTaskSuite,
} from './sampling-task-suite.ts'

const DAY_MS = 86_400_000

const nastyTasks: readonly (readonly [string, Partial<NewSamplingTask>])[] = [
  ['the smallest numbers', { taskId: 0, generation: 0, priority: 0, maxAttempts: 1 }],
  ['the largest numbers', { taskId: 999_999_999_999, generation: 999_999, priority: 999, maxAttempts: 100 }],
  ['signs of keys in the environment', { environment: `a#TASK#1%23/~!${'x'.repeat(114)}` }],
  ['a long hotkey and revision', { minerHotkey: 'Z'.repeat(64), modelRevision: `._-${'r'.repeat(125)}` }],
  ['unicode in the model hash', { modelHash: `ß漢👩‍🚀 "'\\ \n#%` }],
]

/** Making tasks, and finding them. */
export function samplingTaskCreationContract(suite: SamplingTaskSuite): void {
  describe('create and find', () => {
    it.each(nastyTasks)('keeps %s exactly', async (_name, fields) => {
      const task = buildSamplingTask(suite.newPlace(), fields)
      expect(await suite.repository.create({ tasks: [task], now: taskNow })).toStrictEqual({
        created: 1,
        present: 0,
      })
      expect(await storedTask(suite, sampleKeyOf(task))).toStrictEqual({
        ...task,
        status: 'pending',
        notBefore: taskNow,
        attempts: 0,
        lease: null,
        lastError: null,
        sampleId: null,
        createdAt: taskNow,
        updatedAt: taskNow,
      })
    })

    it('makes a task once, however often it is made', async () => {
      const task = buildSamplingTask(suite.newPlace())
      await createTasks(suite, [task])
      const before = await storedTask(suite, sampleKeyOf(task))
      const again = [task, { ...task, priority: 900, modelHash: 'other' }]
      for (const one of again) {
        const made = await suite.repository.create({ tasks: [one], now: taskTime(1000) })
        expect(made).toStrictEqual({ created: 0, present: 1 })
      }
      expect(await storedTask(suite, sampleKeyOf(task))).toStrictEqual(before)
    })

    it('takes the first of two of one key in one call', async () => {
      const task = buildSamplingTask(suite.newPlace())
      const tasks = [task, { ...task, priority: 900 }, { ...task, taskId: 2 }]
      expect(await suite.repository.create({ tasks, now: taskNow })).toStrictEqual({ created: 2, present: 1 })
      expect((await storedTask(suite, sampleKeyOf(task))).priority).toBe(100)
    })

    it.each([0, 1, 26, 101])('makes %d tasks, and with one more only that', async (count) => {
      const place = suite.newPlace()
      const [some, more] = [buildSamplingTasks(place, count), buildSamplingTasks(place, count + 1)]
      const first = await suite.repository.create({ tasks: some, now: taskNow })
      expect(first).toStrictEqual({ created: count, present: 0 })
      const second = await suite.repository.create({ tasks: more, now: taskNow })
      expect(second).toStrictEqual({ created: 1, present: count })
    })

    it('tells exactly one of 32 concurrent makers that it made the task', async () => {
      const tasks = [buildSamplingTask(suite.newPlace())]
      const made = await Promise.all(
        Array.from({ length: 32 }, async () => suite.repository.create({ tasks, now: taskNow })),
      )
      expect(made.filter(({ created }) => created === 1)).toHaveLength(1)
      expect(made.filter(({ present }) => present === 1)).toHaveLength(31)
    })

    it('keeps scopes apart that begin alike', async () => {
      const place = suite.newPlace()
      const task = buildSamplingTask(place)
      const others = [
        { ...task, modelRevision: `${task.modelRevision}0` },
        { ...task, environment: `${task.environment}-v2` },
        { ...task, minerHotkey: `${task.minerHotkey}0x` },
        { ...task, generation: 10 },
        { ...task, taskId: 10 },
      ]
      const made = await suite.repository.create({ tasks: [task, ...others], now: taskNow })
      expect(made).toStrictEqual({ created: 6, present: 0 })
    })

    it('finds null for a task that was never made', async () => {
      const key = sampleKeyOf(buildSamplingTask(suite.newPlace()))
      expect(await suite.repository.find({ key, now: taskNow })).toBeNull()
    })
  })

  describe('settled tasks', () => {
    it('counts a completed task as present for 7 days, then makes it anew', async () => {
      const task = await claimOne(suite, 'days')
      const key = sampleKeyOf(task)
      await suite.repository.complete({ key, token: 'days', now: taskNow, sampleId: TASK_SAMPLE_ID })
      const again = (now: Date): Promise<unknown> =>
        suite.repository.create({ tasks: [buildSamplingTask(task, key)], now })
      const lastMoment = taskTime(7 * DAY_MS - 1)
      expect(await again(lastMoment)).toStrictEqual({ created: 0, present: 1 })
      expect((await storedTask(suite, key, lastMoment)).status).toBe('completed')
      const after = taskTime(7 * DAY_MS + 1000)
      expect(await suite.repository.find({ key, now: after })).toBeNull()
      expect(await again(after)).toStrictEqual({ created: 1, present: 0 })
      const fresh = await storedTask(suite, key, after)
      expect(fresh).toMatchObject({ status: 'pending', attempts: 0, sampleId: null, createdAt: after })
    })

    it('counts a task as present while it is claimed, in back-off or quarantined', async () => {
      const { repository } = suite
      const task = await claimOne(suite, 'stays', { maxAttempts: 1 })
      const key = sampleKeyOf(task)
      const again = (): Promise<unknown> =>
        repository.create({ tasks: [buildSamplingTask(task, key)], now: taskTime(1) })
      expect(await again()).toStrictEqual({ created: 0, present: 1 })
      await repository.fail({ key, token: 'stays', now: taskNow, error: taskError })
      expect(await again()).toStrictEqual({ created: 0, present: 1 })
      expect((await storedTask(suite, key)).status).toBe('quarantined')
    })

    it('makes a revoked task anew: whoever makes it has a reason again', async () => {
      const { repository } = suite
      const task = await claimOne(suite, 'gone')
      const key = sampleKeyOf(task)
      await repository.revoke({ minerHotkey: task.minerHotkey, exceptModelHash: 'new', now: taskTime(1) })
      expect((await storedTask(suite, key)).status).toBe('revoked')
      const tasks = [buildSamplingTask(task, { ...key, modelHash: 'new', maxAttempts: 5 })]
      expect(await repository.create({ tasks, now: taskTime(2) })).toStrictEqual({ created: 1, present: 0 })
      expect(await storedTask(suite, key)).toMatchObject({ status: 'pending', modelHash: 'new', attempts: 0 })
      expect(await claimTasks(suite, task, 'next', { now: taskTime(2) })).toHaveLength(1)
    })
  })

  describe('bad tasks', () => {
    it.each<readonly [string, Partial<NewSamplingTask>]>([
      ['an empty hotkey', { minerHotkey: '' }],
      ['a hotkey with a sign', { minerHotkey: 'a#b' }],
      ['a revision with a space', { modelRevision: 'a b' }],
      ['an environment with a space', { environment: 'a b' }],
      ['an empty model hash', { modelHash: '' }],
      ['half of a surrogate pair', { modelHash: '\ud800' }],
      ['a task id of thirteen digits', { taskId: 1_000_000_000_000 }],
      ['a broken task id', { taskId: 1.5 }],
      ['a negative generation', { generation: -1 }],
      ['a priority above the highest', { priority: 1000 }],
      ['no attempt', { maxAttempts: 0 }],
      ['101 attempts', { maxAttempts: 101 }],
    ])('refuses %s and makes none of the call', async (_name, fields) => {
      const place = suite.newPlace()
      const tasks = [buildSamplingTask(place), buildSamplingTask(place, { taskId: 2, ...fields })]
      await expectInvalid(suite.repository.create({ tasks, now: taskNow }))
      const key = sampleKeyOf(buildSamplingTask(place))
      expect(await suite.repository.find({ key, now: taskNow })).toBeNull()
    })

    it('refuses a moment that does not exist', async () => {
      const tasks = [buildSamplingTask(suite.newPlace())]
      await expectInvalid(suite.repository.create({ tasks, now: new Date(Number.NaN) }))
    })
  })
}
