import { expect } from 'vitest'

import type { SampleKey } from '../models/sample.ts'
import type { ExecutionError, NewSamplingTask, SamplingTask } from '../models/sampling-task.ts'
import type { SamplingTaskRepository } from '../repositories/sampling-task-repository.ts'

/** What the parts of the contract share. */
export interface SamplingTaskSuite {
  /** There once the tests run. */
  readonly repository: SamplingTaskRepository
  /** An environment and a miner that no other test uses; each name is the beginning of a later one. */
  newPlace(): SamplingTaskPlace
}

/** Where a test's tasks are. */
export interface SamplingTaskPlace {
  readonly environment: string
  readonly minerHotkey: string
}

/** When the tests begin. */
export const taskNow = new Date('2026-02-03T04:05:06.345Z')
/** Length of the leases that the tests take. */
export const TASK_LEASE_MS = 60_000
/** An error to fail with. */
export const taskError: ExecutionError = { kind: 'timeout', message: 'no answer within 600 s: "é👩‍🚀"' }
/** A sample to complete with. */
export const TASK_SAMPLE_ID = '0123456789abcdef0123456789abcdef'

/** A moment so many milliseconds after {@link taskNow}. */
export function taskTime(afterMs: number): Date {
  return new Date(taskNow.getTime() + afterMs)
}

/** A plausible task; tests name the fields that they are about. */
export function buildSamplingTask(
  place: SamplingTaskPlace,
  fields: Partial<NewSamplingTask> = {},
): NewSamplingTask {
  const { environment, minerHotkey } = place
  return {
    environment,
    minerHotkey,
    modelRevision: '4f1c2d9',
    generation: 1,
    taskId: 1,
    modelHash: 'c0ffee',
    priority: 100,
    maxAttempts: 3,
    ...fields,
  }
}

/** Tasks with the ids 1 to `count`. */
export function buildSamplingTasks(
  place: SamplingTaskPlace,
  count: number,
  fields: Partial<NewSamplingTask> = {},
): readonly NewSamplingTask[] {
  return Array.from({ length: count }, (_, index) =>
    buildSamplingTask(place, { taskId: index + 1, ...fields }),
  )
}

/** Makes tasks at {@link taskNow}. */
export async function createTasks(
  suite: SamplingTaskSuite,
  tasks: readonly NewSamplingTask[],
): Promise<void> {
  await suite.repository.create({ tasks, now: taskNow })
}

/** Claims in a place; up to ten tasks at {@link taskNow} unless it is said otherwise. */
export async function claimTasks(
  suite: SamplingTaskSuite,
  place: Pick<SamplingTaskPlace, 'environment'>,
  claimId: string,
  more: Readonly<{ limit?: number; now?: Date; leaseMs?: number; exceptMiners?: ReadonlySet<string> }> = {},
): Promise<readonly SamplingTask[]> {
  return suite.repository.claim({
    environment: place.environment,
    owner: 'worker-1',
    claimId,
    limit: 10,
    leaseMs: TASK_LEASE_MS,
    now: taskNow,
    ...more,
  })
}

/** Makes one task and claims it under the token. */
export async function claimOne(
  suite: SamplingTaskSuite,
  token: string,
  fields: Partial<NewSamplingTask> = {},
): Promise<SamplingTask> {
  const place = suite.newPlace()
  await createTasks(suite, [buildSamplingTask(place, fields)])
  const [task] = await claimTasks(suite, place, token)
  return existing(task)
}

/** What must be there. */
export function existing<Value>(value: Value | null | undefined): Value {
  expect(value).toEqual(expect.anything())
  if (value === null || value === undefined) throw new TypeError('it is not there')
  return value
}

/** The call must be refused as a conflict, with this reason. */
export async function expectConflict(call: Promise<unknown>, reason?: string): Promise<void> {
  const details = reason === undefined ? {} : { details: { reason } }
  await expect(call).rejects.toMatchObject({ code: 'conflict', ...details })
}

/** The task as it is stored at a moment. */
export async function storedTask(
  suite: SamplingTaskSuite,
  key: SampleKey,
  now: Date = taskNow,
): Promise<SamplingTask> {
  return existing(await suite.repository.find({ key, now }))
}
