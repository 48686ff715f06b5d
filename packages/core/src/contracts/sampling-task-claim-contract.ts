import { describe, expect, it } from 'vitest'

import type { SamplingTask } from '../models/sampling-task.ts'
import type { ClaimTasksParams } from '../repositories/sampling-task-repository.ts'
import { sampleKeyOf } from './sample-builders.ts'
import { expectInvalid, idsOf } from './sample-suite.ts'
import {
  buildSamplingTask,
  buildSamplingTasks,
  claimTasks,
  createTasks,
  existing,
  storedTask,
  taskNow,
  TASK_LEASE_MS,
  TASK_SAMPLE_ID,
  taskTime,
  type SamplingTaskSuite,
} from './sampling-task-suite.ts'

function keysOf(tasks: readonly SamplingTask[]): readonly string[] {
  return tasks.map((task) => `${task.minerHotkey} ${task.taskId}`).toSorted()
}

/** Handing out tasks. */
export function samplingTaskClaimContract(suite: SamplingTaskSuite): void {
  describe('claim', () => {
    it('leases what it takes, and counts the attempt', async () => {
      const place = suite.newPlace()
      const task = buildSamplingTask(place)
      await createTasks(suite, [task])
      const before = await storedTask(suite, sampleKeyOf(task))
      const now = taskTime(1000)
      const [claimed] = await claimTasks(suite, place, 'lease', { now })
      const expiresAt = taskTime(1000 + TASK_LEASE_MS)
      expect(claimed).toStrictEqual({
        ...before,
        status: 'claimed',
        attempts: 1,
        lease: { owner: 'worker-1', token: 'lease', expiresAt },
        updatedAt: now,
      })
      expect(await storedTask(suite, sampleKeyOf(task))).toStrictEqual(claimed)
    })

    it('gives what waits for nothing also to a worker whose clock went back', async () => {
      const place = suite.newPlace()
      await createTasks(suite, buildSamplingTasks(place, 3))
      expect(await claimTasks(suite, place, 'behind', { now: taskTime(-3_600_000) })).toHaveLength(3)
    })

    it('gives the highest priority first, then the lowest task id, over any number of claims', async () => {
      const place = suite.newPlace()
      await createTasks(suite, [
        ...buildSamplingTasks(place, 12, { generation: 1, priority: 100 }),
        ...buildSamplingTasks(place, 6, { generation: 2, priority: 999 }),
        ...buildSamplingTasks(place, 6, { generation: 3, priority: 0 }),
      ])
      const seen: string[] = []
      for (let claim = 1; claim <= 5; claim += 1) {
        const tasks = await claimTasks(suite, place, `order-${claim}`, { limit: 5 })
        seen.push(...tasks.map(({ priority, taskId }) => `${priority}/${taskId}`))
      }
      const wanted = [
        ...[1, 2, 3, 4, 5, 6].map((id) => `999/${id}`),
        ...Array.from({ length: 12 }, (_, index) => `100/${index + 1}`),
        ...[1, 2, 3, 4, 5, 6].map((id) => `0/${id}`),
      ]
      expect(seen).toStrictEqual(wanted)
    })

    it('lets miners take turns', async () => {
      const place = suite.newPlace()
      const miners = Array.from({ length: 6 }, (_, index) => `${place.minerHotkey}x${index}`)
      for (const minerHotkey of miners)
        await createTasks(suite, buildSamplingTasks({ ...place, minerHotkey }, 4))
      for (const round of [1, 2, 3, 4]) {
        const tasks = await claimTasks(suite, place, `turn-${round}`, { limit: miners.length })
        expect(tasks.map(({ minerHotkey }) => minerHotkey).toSorted()).toStrictEqual(miners)
        expect(new Set(idsOf(tasks))).toStrictEqual(new Set([round]))
      }
    })

    it('gives no more than there is, and nothing when there is nothing', async () => {
      const place = suite.newPlace()
      expect(await claimTasks(suite, place, 'early')).toStrictEqual([])
      await createTasks(suite, buildSamplingTasks(place, 3))
      expect(idsOf(await claimTasks(suite, place, 'all', { limit: 100 }))).toStrictEqual([1, 2, 3])
      expect(await claimTasks(suite, place, 'late')).toStrictEqual([])
    })

    it('takes a hundred at once', async () => {
      const place = suite.newPlace()
      await createTasks(suite, buildSamplingTasks(place, 120))
      expect(idsOf(await claimTasks(suite, place, 'many', { limit: 100 }))).toHaveLength(100)
      expect(idsOf(await claimTasks(suite, place, 'rest', { limit: 100 }))).toHaveLength(20)
    })

    it('gives the same call what it holds, and takes nothing more', async () => {
      const place = suite.newPlace()
      await createTasks(suite, buildSamplingTasks(place, 8))
      const first = await claimTasks(suite, place, 'again', { limit: 3 })
      expect(idsOf(first)).toStrictEqual([1, 2, 3])
      expect(await claimTasks(suite, place, 'again', { limit: 3, now: taskTime(5) })).toStrictEqual(first)
      const [done, ...rest] = first
      const key = sampleKeyOf(existing(done))
      await suite.repository.complete({ key, token: 'again', now: taskNow, sampleId: TASK_SAMPLE_ID })
      expect(await claimTasks(suite, place, 'again', { limit: 3 })).toStrictEqual(rest)
      expect(idsOf(await claimTasks(suite, place, 'other', { limit: 3 }))).toStrictEqual([4, 5, 6])
    })

    it('passes over excluded miners, however many of their tasks come first', async () => {
      const place = suite.newPlace()
      const [busy, paused, idle] = ['busy', 'paused', 'idle'].map((name) => `${place.minerHotkey}x${name}`)
      const of = (minerHotkey = ''): typeof place => ({ ...place, minerHotkey })
      await createTasks(suite, [
        ...buildSamplingTasks(of(busy), 100, { priority: 900 }),
        ...buildSamplingTasks(of(paused), 60, { priority: 500 }),
        ...buildSamplingTasks(of(idle), 2, { priority: 1 }),
      ])
      const exceptMiners = new Set([existing(busy), existing(paused)])
      const tasks = await claimTasks(suite, place, 'except', { limit: 5, exceptMiners })
      expect(keysOf(tasks)).toStrictEqual([`${idle} 1`, `${idle} 2`])
      expect(await claimTasks(suite, place, 'none', { limit: 5, exceptMiners })).toStrictEqual([])
      expect(idsOf(await claimTasks(suite, place, 'open', { limit: 2 }))).toStrictEqual([1, 2])
    })

    it('never mixes environments that begin alike', async () => {
      const place = suite.newPlace()
      const longer = { ...place, environment: `${place.environment}-v2` }
      await createTasks(suite, [
        ...buildSamplingTasks(place, 2),
        ...buildSamplingTasks(longer, 3, { maxAttempts: 1 }),
      ])
      const ours = await claimTasks(suite, place, 'one-id')
      expect(ours.map(({ environment }) => environment)).toStrictEqual([place.environment, place.environment])
      const theirs = await claimTasks(suite, longer, 'one-id')
      expect(theirs.map(({ environment }) => environment)).toStrictEqual(Array(3).fill(longer.environment))
      const late = taskTime(TASK_LEASE_MS)
      const swept = await suite.repository.sweep({ environment: place.environment, now: late })
      expect(swept).toStrictEqual({ ready: 0, reclaimed: 2, quarantined: 0 })
      expect(await suite.repository.count({ environment: longer.environment })).toMatchObject({ claimed: 3 })
    })

    it('gives no task to two of many concurrent claims, and leaves none', async () => {
      const place = suite.newPlace()
      await createTasks(suite, buildSamplingTasks(place, 60))
      const answers = await Promise.all(
        Array.from({ length: 24 }, async (_, claim) =>
          claimTasks(suite, place, `race-${claim}`, { limit: 3 }),
        ),
      )
      const tasks = answers.flat()
      expect(idsOf(tasks).toSorted((left, right) => left - right)).toStrictEqual(
        buildSamplingTasks(place, 60).map(({ taskId }) => taskId),
      )
      expect(answers.every((answer) => answer.length <= 3)).toBe(true)
    })

    it.each<readonly [string, Partial<ClaimTasksParams>]>([
      ['no task', { limit: 0 }],
      ['101 tasks', { limit: 101 }],
      ['half a task', { limit: 0.5 }],
      ['a lease of no time', { leaseMs: 0 }],
      ['a lease of more than a day', { leaseMs: 86_400_001 }],
      ['an empty owner', { owner: '' }],
      ['an empty claim id', { claimId: '' }],
      ['a claim id with a space', { claimId: 'a b' }],
      ['an environment with a space', { environment: 'a b' }],
      ['no moment', { now: new Date(Number.NaN) }],
    ])('refuses %s', async (_name, more) => {
      const { environment } = suite.newPlace()
      const good = { environment, owner: 'a', claimId: 'b', limit: 1, leaseMs: 1, now: taskNow }
      await expectInvalid(suite.repository.claim({ ...good, ...more }))
    })

    it('passes the reason of an aborted signal on, and takes nothing', async () => {
      const place = suite.newPlace()
      await createTasks(suite, buildSamplingTasks(place, 1))
      const reason = new Error('enough')
      const params = { environment: place.environment, owner: 'a', claimId: 'b', limit: 1, leaseMs: 1 }
      const call = suite.repository.claim({ ...params, now: taskNow }, { signal: AbortSignal.abort(reason) })
      await expect(call).rejects.toBe(reason)
      expect(await claimTasks(suite, place, 'next')).toHaveLength(1)
    })
  })
}
