import { describe, expect, it, vi } from 'vitest'

import type { SamplingTaskCounts } from '../repositories/sampling-task-repository.ts'
import { sampleKeyOf } from './sample-builders.ts'
import { expectInvalid, idsOf, readPages } from './sample-suite.ts'
import {
  buildSamplingTask,
  buildSamplingTasks,
  claimTasks,
  createTasks,
  taskError,
  taskNow,
  TASK_SAMPLE_ID,
  taskTime,
  type SamplingTaskPlace,
  type SamplingTaskSuite,
} from './sampling-task-suite.ts'

const DAY_MS = 86_400_000

/** Looking at the queue. What is eventual is waited for. */
export function samplingTaskListContract(suite: SamplingTaskSuite): void {
  /** Eight tasks: 1 completed, 2 in back-off, 3 and 4 quarantined, 5 claimed, 6 to 8 claimable. */
  const mixed = async (): Promise<SamplingTaskPlace> => {
    const { repository } = suite
    const place = suite.newPlace()
    await createTasks(suite, [
      buildSamplingTask(place, { taskId: 1 }),
      buildSamplingTask(place, { taskId: 2 }),
      ...[3, 4].map((taskId) => buildSamplingTask(place, { taskId, maxAttempts: 1 })),
      ...[5, 6, 7, 8].map((taskId) => buildSamplingTask(place, { taskId })),
    ])
    const claimed = await claimTasks(suite, place, 'mixed', { limit: 5 })
    for (const task of claimed) {
      const held = { key: sampleKeyOf(task), token: 'mixed', now: taskNow }
      if (task.taskId === 1) await repository.complete({ ...held, sampleId: TASK_SAMPLE_ID })
      else if (task.taskId <= 4) await repository.fail({ ...held, error: taskError })
    }
    return place
  }

  describe('lists and counts', () => {
    it('lists the ids that are pending, claimed or quarantined, ascending, of one scope', async () => {
      const place = await mixed()
      const scope = { ...place, modelRevision: '4f1c2d9' }
      await createTasks(suite, [
        buildSamplingTask(place, { taskId: 100, generation: 10 }),
        buildSamplingTask(place, { taskId: 101, modelRevision: '4f1c2d9x' }),
        buildSamplingTask({ ...place, environment: `${place.environment}-v2` }, { taskId: 102 }),
      ])
      const open = (generation: number): Promise<readonly number[]> =>
        suite.repository.listOpenTaskIds({ scope, generation })
      await eventually(() => open(1), [2, 3, 4, 5, 6, 7, 8])
      await eventually(() => open(10), [100])
      expect(await open(2)).toStrictEqual([])
    })

    it('counts tasks by where they stand', async () => {
      const { environment } = await mixed()
      const count = (): Promise<SamplingTaskCounts> => suite.repository.count({ environment })
      await eventually(count, { claimable: 3, waiting: 1, claimed: 1, quarantined: 2 })
      expect(await suite.repository.count({ environment: `${environment}-v2` })).toStrictEqual({
        claimable: 0,
        waiting: 0,
        claimed: 0,
        quarantined: 0,
      })
    })

    it('pages through all tasks of a miner in the order of their keys', async () => {
      const place = suite.newPlace()
      const { minerHotkey } = place
      await createTasks(suite, [
        ...buildSamplingTasks(place, 12),
        buildSamplingTask({ ...place, minerHotkey: `${minerHotkey}x` }, { taskId: 50 }),
      ])
      const list = (
        page: { limit: number; cursor: string | null },
        now = taskNow,
      ): ReturnType<typeof suite.repository.list> => suite.repository.list({ minerHotkey, now, ...page })
      const wanted = buildSamplingTasks(place, 12).map(({ taskId }) => taskId)
      expect(idsOf(await readPages(list, 5))).toStrictEqual(wanted)
      const { nextCursor } = await list({ limit: 5, cursor: null })
      const other = { minerHotkey: `${minerHotkey}x`, now: taskNow, limit: 5, cursor: nextCursor }
      await expectInvalid(suite.repository.list(other))
    })

    it('hides settled tasks after 7 days', async () => {
      const { minerHotkey } = await mixed()
      const list = (now: Date): ReturnType<typeof suite.repository.list> =>
        suite.repository.list({ minerHotkey, now, limit: 100 })
      expect(idsOf((await list(taskNow)).items)).toStrictEqual([1, 2, 3, 4, 5, 6, 7, 8])
      const after = taskTime(7 * DAY_MS + 1000)
      expect(idsOf((await list(after)).items)).toStrictEqual([2, 3, 4, 5, 6, 7, 8])
    })

    it('pages through the quarantined tasks of an environment', async () => {
      const { repository } = suite
      const place = suite.newPlace()
      const { environment } = place
      await createTasks(suite, buildSamplingTasks(place, 21, { maxAttempts: 1 }))
      const claimed = await claimTasks(suite, place, 'broken', { limit: 20 })
      await Promise.all(
        claimed.map((task) =>
          repository.fail({ key: sampleKeyOf(task), token: 'broken', now: taskNow, error: taskError }),
        ),
      )
      const quarantined = async (): Promise<readonly number[]> => {
        const tasks = await readPages((page) => repository.listQuarantined({ environment, ...page }), 3)
        expect(tasks.every(({ status }) => status === 'quarantined')).toBe(true)
        return idsOf(tasks).toSorted((left, right) => left - right)
      }
      await eventually(
        quarantined,
        claimed.map(({ taskId }) => taskId),
      )
      const [first, ...rest] = claimed
      await repository.retry({ key: sampleKeyOf(first ?? buildSamplingTask(place)), now: taskNow })
      await eventually(
        quarantined,
        rest.map(({ taskId }) => taskId),
      )
      const { nextCursor } = await repository.listQuarantined({ environment, limit: 1 })
      const elsewhere = { environment: `${environment}-v2`, limit: 1, cursor: nextCursor }
      await expectInvalid(repository.listQuarantined(elsewhere))
    })

    it.each([0, -1, 1.5, 10_001])('refuses the limit %d', async (limit) => {
      const { environment, minerHotkey } = suite.newPlace()
      await expectInvalid(suite.repository.list({ minerHotkey, now: taskNow, limit }))
      await expectInvalid(suite.repository.listQuarantined({ environment, limit }))
    })

    it('refuses a bad environment, miner, scope and cursor', async () => {
      const { repository } = suite
      const { environment, minerHotkey } = suite.newPlace()
      const scope = { environment: 'a b', minerHotkey, modelRevision: 'r' }
      await expectInvalid(repository.count({ environment: '' }))
      await expectInvalid(repository.list({ minerHotkey: '', now: taskNow, limit: 1 }))
      await expectInvalid(repository.listOpenTaskIds({ scope, generation: 1 }))
      await expectInvalid(repository.listQuarantined({ environment, limit: 1, cursor: 'bm9uc2Vuc2U' }))
    })
  })
}

/** An index may lag behind writes by a moment. */
async function eventually<Value>(read: () => Promise<Value>, wanted: Value): Promise<void> {
  await vi.waitFor(async () => {
    expect(await read()).toStrictEqual(wanted)
  }, 5000)
}
