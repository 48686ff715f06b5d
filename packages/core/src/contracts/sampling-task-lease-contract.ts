import { describe, expect, it } from 'vitest'

import type { SampleKey } from '../models/sample.ts'
import type { SamplingTask } from '../models/sampling-task.ts'
import { sampleKeyOf } from './sample-builders.ts'
import { expectInvalid } from './sample-suite.ts'
import {
  buildSamplingTask,
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
const OTHER_SAMPLE_ID = 'f'.repeat(32)
const late = taskTime(HOUR_MS)

type Verb = 'heartbeat' | 'complete' | 'fail' | 'release'
const verbs: readonly Verb[] = ['heartbeat', 'complete', 'fail', 'release']

/** Every state that a task can be in without being held under the token `mine`, and what its late holder is told. */
const states = [
  { state: 'pending', reason: 'lease_lost' },
  { state: 'reclaimed', reason: 'lease_lost' },
  { state: 'claimed by another', reason: 'lease_lost' },
  { state: 'quarantined', reason: 'lease_lost' },
  { state: 'completed by another', reason: 'completed' },
  { state: 'revoked', reason: 'revoked' },
  { state: 'never made', reason: 'lease_lost' },
] as const

/** What the holder of a lease may do, and nobody else. */
export function samplingTaskLeaseContract(suite: SamplingTaskSuite): void {
  const act = (verb: Verb, key: SampleKey, token: string, now: Date = taskNow): Promise<SamplingTask> => {
    const { repository } = suite
    const params = { key, token, now }
    if (verb === 'heartbeat') return repository.heartbeat({ ...params, leaseMs: TASK_LEASE_MS })
    if (verb === 'complete') return repository.complete({ ...params, sampleId: TASK_SAMPLE_ID })
    if (verb === 'fail') return repository.fail({ ...params, error: taskError })
    return repository.release(params)
  }

  /** A task in a state, which was claimed under `mine` on the way there where that is possible. */
  const bringTo = async (state: (typeof states)[number]['state']): Promise<SampleKey> => {
    const { repository } = suite
    if (state === 'never made') return sampleKeyOf(buildSamplingTask(suite.newPlace()))
    if (state === 'pending') {
      const task = buildSamplingTask(suite.newPlace())
      await createTasks(suite, [task])
      return sampleKeyOf(task)
    }
    const task = await claimOne(suite, 'mine', { maxAttempts: state === 'quarantined' ? 1 : 3 })
    const key = sampleKeyOf(task)
    if (state === 'revoked') {
      await repository.revoke({ minerHotkey: task.minerHotkey, exceptModelHash: null, now: taskNow })
      return key
    }
    await repository.sweep({ environment: task.environment, now: late })
    if (state === 'reclaimed' || state === 'quarantined') return key
    expect(await claimTasks(suite, task, 'other', { now: late })).toHaveLength(1)
    if (state === 'completed by another') await act('complete', key, 'other', late)
    return key
  }

  describe.each(states)('a task that is $state', ({ state, reason }) => {
    it.each(verbs)('refuses %s under another token, and stays as it is', async (verb) => {
      const key = await bringTo(state)
      const before = await suite.repository.find({ key, now: late })
      await expectConflict(act(verb, key, 'mine', late), reason)
      expect(await suite.repository.find({ key, now: late })).toStrictEqual(before)
    })
  })

  describe('heartbeat', () => {
    it('moves the end of the lease on', async () => {
      const task = await claimOne(suite, 'beat')
      const renewed = await act('heartbeat', sampleKeyOf(task), 'beat', taskTime(30_000))
      const expiresAt = taskTime(30_000 + TASK_LEASE_MS)
      const lease = { owner: 'worker-1', token: 'beat', expiresAt }
      expect(renewed).toStrictEqual({ ...task, lease, updatedAt: taskTime(30_000) })
      expect(await storedTask(suite, sampleKeyOf(task))).toStrictEqual(renewed)
    })

    it('never shortens it, also when the clock went back', async () => {
      const task = await claimOne(suite, 'back')
      const same = await act('heartbeat', sampleKeyOf(task), 'back', taskTime(-HOUR_MS))
      expect(same).toStrictEqual(task)
      const swept = await suite.repository.sweep({
        environment: task.environment,
        now: taskTime(TASK_LEASE_MS - 1),
      })
      expect(swept).toStrictEqual({ ready: 0, reclaimed: 0, quarantined: 0 })
    })
  })

  describe('complete', () => {
    it('keeps the sample and ends the lease', async () => {
      const task = await claimOne(suite, 'done')
      const done = await act('complete', sampleKeyOf(task), 'done', taskTime(10))
      expect(done).toStrictEqual({
        ...task,
        status: 'completed',
        lease: null,
        sampleId: TASK_SAMPLE_ID,
        updatedAt: taskTime(10),
      })
    })

    it('gives the same for the same token and sample again, and refuses anything else', async () => {
      const { repository } = suite
      const task = await claimOne(suite, 'twice')
      const key = sampleKeyOf(task)
      const done = await act('complete', key, 'twice')
      expect(await act('complete', key, 'twice', late)).toStrictEqual(done)
      const other = { key, token: 'twice', now: late, sampleId: OTHER_SAMPLE_ID }
      await expectConflict(repository.complete(other), 'completed')
      for (const verb of ['heartbeat', 'fail', 'release'] as const)
        await expectConflict(act(verb, key, 'twice'), 'completed')
      expect(await storedTask(suite, key)).toStrictEqual(done)
    })

    it('still counts when the lease ran out but nobody took the task over', async () => {
      const task = await claimOne(suite, 'slow')
      expect((await act('complete', sampleKeyOf(task), 'slow', late)).status).toBe('completed')
      const swept = await suite.repository.sweep({ environment: task.environment, now: late })
      expect(swept).toStrictEqual({ ready: 0, reclaimed: 0, quarantined: 0 })
    })
  })

  describe('fail', () => {
    it('counts an attempt once, however often it is told', async () => {
      const task = await claimOne(suite, 'fails')
      const key = sampleKeyOf(task)
      const failed = await act('fail', key, 'fails')
      expect(failed).toMatchObject({ status: 'pending', attempts: 1, lease: null, lastError: taskError })
      expect(await act('fail', key, 'fails', taskTime(5000))).toStrictEqual(failed)
      await suite.repository.sweep({ environment: task.environment, now: failed.notBefore })
      await expectConflict(act('complete', key, 'fails'), 'lease_lost')
      expect((await act('fail', key, 'fails')).attempts).toBe(1)
    })

    it('quarantines after the last attempt', async () => {
      const task = await claimOne(suite, 'last', { maxAttempts: 1 })
      const failed = await act('fail', sampleKeyOf(task), 'last', taskTime(10))
      expect(failed).toStrictEqual({
        ...task,
        status: 'quarantined',
        lease: null,
        lastError: taskError,
        updatedAt: taskTime(10),
      })
      expect(await act('fail', sampleKeyOf(task), 'last', taskTime(20))).toStrictEqual(failed)
      expect(await claimTasks(suite, task, 'next', { now: late })).toStrictEqual([])
    })
  })

  describe('release', () => {
    it('makes it claimable at once, and the attempt does not count', async () => {
      const task = await claimOne(suite, 'give', { maxAttempts: 1 })
      const key = sampleKeyOf(task)
      const released = await act('release', key, 'give', taskTime(10))
      expect(released).toStrictEqual({
        ...task,
        status: 'pending',
        attempts: 0,
        lease: null,
        updatedAt: taskTime(10),
      })
      expect(await act('release', key, 'give', taskTime(20))).toStrictEqual(released)
      const [again] = await claimTasks(suite, task, 'take', { now: taskTime(20) })
      expect(again).toMatchObject({ attempts: 1, lease: { token: 'take' } })
      await expectConflict(act('release', key, 'give'), 'lease_lost')
    })
  })

  describe('retry', () => {
    it('opens a quarantined task with all its attempts, once', async () => {
      const { repository } = suite
      const task = await claimOne(suite, 'tries', { maxAttempts: 2 })
      const key = sampleKeyOf(task)
      const first = await act('fail', key, 'tries')
      await repository.sweep({ environment: task.environment, now: first.notBefore })
      expect(await claimTasks(suite, task, 'second', { now: first.notBefore })).toHaveLength(1)
      expect((await act('fail', key, 'second', first.notBefore)).status).toBe('quarantined')
      const opened = await repository.retry({ key, now: late })
      expect(opened).toMatchObject({ status: 'pending', attempts: 0, notBefore: late, lastError: taskError })
      expect(await repository.retry({ key, now: late })).toStrictEqual(opened)
      const [claimed] = await claimTasks(suite, task, 'third', { now: late })
      expect(claimed).toMatchObject({ attempts: 1, maxAttempts: 2 })
    })

    it.each(['pending', 'claimed by another', 'completed by another', 'revoked'] as const)(
      'refuses a task that is %s',
      async (state) => {
        const key = await bringTo(state)
        await expectConflict(suite.repository.retry({ key, now: taskNow }), 'not_quarantined')
      },
    )

    it('tells that there is none', async () => {
      const key = await bringTo('never made')
      const call = suite.repository.retry({ key, now: taskNow })
      await expect(call).rejects.toMatchObject({ code: 'not_found' })
    })
  })

  describe('bad input', () => {
    it('refuses a bad key, token, sample, error, lease or moment', async () => {
      const { repository } = suite
      const good = { key: sampleKeyOf(buildSamplingTask(suite.newPlace())), token: 'a', now: taskNow }
      const badKey = { ...good, key: { ...good.key, taskId: -1 } }
      const badNow = { ...good, now: new Date(Number.NaN) }
      const longError = { kind: 'timeout', message: 'x'.repeat(2001) }
      await expectInvalid(repository.find(badKey))
      await expectInvalid(repository.retry(badKey))
      for (const bad of [badKey, badNow, { ...good, token: '' }]) {
        for (const verb of verbs) await expectInvalid(act(verb, bad.key, bad.token, bad.now))
      }
      await expectInvalid(repository.heartbeat({ ...good, leaseMs: 0 }))
      await expectInvalid(repository.complete({ ...good, sampleId: 'no id' }))
      await expectInvalid(repository.fail({ ...good, error: longError }))
      await expectInvalid(repository.fail({ ...good, error: { kind: 'Time Out', message: '' } }))
    })
  })
}
