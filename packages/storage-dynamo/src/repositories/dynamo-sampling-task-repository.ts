import {
  failTask,
  instantSchema,
  isOpenTask,
  lostLease,
  newSamplingTaskSchema,
  openTask,
  releaseTask,
  requireHeldTask,
  retryTask,
  revokeTask,
  type CallOptions,
  type ClaimTasksParams,
  type ExecutionError,
  type LeasedTaskParams,
  type NewSamplingTask,
  type Page,
  type PageParams,
  type SampleKey,
  type SampleScope,
  type SamplingTask,
  type SamplingTaskCounts,
  type SamplingTaskRepository,
  type SweepTasksResult,
} from '@subnetkit/core'

import { checkInput } from '../codecs/check-input.ts'
import type { DynamoConnection } from '../connect.ts'
import { keyText } from '../requests/key-text.ts'
import { putEach } from '../requests/put-each.ts'
import { queryItems, streamItems } from '../requests/query-items.ts'
import { runInParallel } from '../requests/run-in-parallel.ts'
import { updateItemIf } from '../requests/update-item.ts'
import { openIndex, taskQueueTable as table } from '../tables/task-queue-table.ts'
import { ClaimDesk } from './claim-desk.ts'
import { claimTasks } from './claim-tasks.ts'
import { countDueTasks, listQuarantinedTasks, sweepDueTasks } from './due-tasks.ts'
import { mayBeMade, taskCompletion, taskHeartbeat } from './sampling-task-changes.ts'
import {
  changedRecord,
  newRecord,
  samplingTaskItem,
  taskItemKey,
  taskOf,
  taskPartition,
  taskSort,
  type SamplingTaskRecord,
} from './sampling-task-items.ts'
import { samplingTaskParams as accepted } from './sampling-task-params.ts'
import { StoredTasks } from './stored-tasks.ts'

const WRITES_AT_ONCE = 16
const READ_PAGE = 1_000

/**
 * The sampling queue in DynamoDB: one item per task, each change of state one conditional update.
 *
 * A call that is cut off leaves every task before or after its change, never between. Repeated, `create`, `revoke` and
 * `sweep` do what is left, `claim` gives what the first call took, and the calls of a lease's holder know their own
 * work by the token, also when only the answer was lost.
 */
export class DynamoSamplingTaskRepository implements SamplingTaskRepository {
  readonly #connection: DynamoConnection
  readonly #stored: StoredTasks
  readonly #desks = new Map<string, ClaimDesk>()

  constructor(connection: DynamoConnection) {
    this.#connection = connection
    this.#stored = new StoredTasks(connection)
  }

  async create(
    params: Readonly<{ tasks: readonly NewSamplingTask[]; now: Date }>,
    options?: CallOptions,
  ): Promise<Readonly<{ created: number; present: number }>> {
    const { tasks, now } = params
    checkInput(instantSchema, now, 'now')
    const condition = mayBeMade(now)
    const items = new Map(
      tasks.toReversed().map((task, index) => {
        checkInput(newSamplingTaskSchema, task, `tasks[${tasks.length - 1 - index}]`)
        const item = samplingTaskItem.encode(newRecord(openTask(task, now)))
        return [keyText(table, item), item] as const
      }),
    )
    const created = await putEach(
      {
        connection: this.#connection,
        table,
        items: [...items.values()].reverse(),
        condition,
        atOnce: WRITES_AT_ONCE,
      },
      options,
    )
    return { created, present: tasks.length - created }
  }

  async find(
    params: Readonly<{ key: SampleKey; now: Date }>,
    options?: CallOptions,
  ): Promise<SamplingTask | null> {
    checkInput(accepted.timedKey, params, 'find')
    const record = await this.#stored.find(params.key, params.now, options)
    return record === null ? null : taskOf(record)
  }

  async claim(params: ClaimTasksParams, options?: CallOptions): Promise<readonly SamplingTask[]> {
    checkInput(accepted.claim, params, 'claim')
    options?.signal?.throwIfAborted()
    const { environment } = params
    const desk = this.#desks.get(environment) ?? new ClaimDesk(this.#connection, environment)
    this.#desks.set(environment, desk)
    return claimTasks({ connection: this.#connection, desk, params }, options)
  }

  async heartbeat(
    params: LeasedTaskParams & Readonly<{ leaseMs: number }>,
    options?: CallOptions,
  ): Promise<SamplingTask> {
    checkInput(accepted.heartbeat, params, 'heartbeat')
    const { key, token, now, leaseMs } = params
    const renewal = { token, expiresAt: new Date(now.getTime() + leaseMs) }
    const target = { connection: this.#connection, table, key: taskItemKey(key) }
    const renewed = await updateItemIf({ ...target, ...taskHeartbeat(key, renewal, now) }, options)
    if (renewed !== null) return taskOf(samplingTaskItem.decode(renewed))
    return requireHeldTask(await this.find({ key, now }, options), params)
  }

  async complete(
    params: LeasedTaskParams & Readonly<{ sampleId: string }>,
    options?: CallOptions,
  ): Promise<SamplingTask> {
    checkInput(accepted.complete, params, 'complete')
    const { key, token, now, sampleId } = params
    const target = { connection: this.#connection, table, key: taskItemKey(key) }
    const done = await updateItemIf({ ...target, ...taskCompletion(token, sampleId, now) }, options)
    if (done !== null) return taskOf(samplingTaskItem.decode(done))
    const record = await this.#stored.find(key, now, options)
    const task = record === null ? null : taskOf(record)
    if (task !== null && isEndedBy(record, token, 'completed') && task.sampleId === sampleId) return task
    throw lostLease(task, key)
  }

  async fail(
    params: LeasedTaskParams & Readonly<{ error: ExecutionError }>,
    options?: CallOptions,
  ): Promise<SamplingTask> {
    checkInput(accepted.fail, params, 'fail')
    return this.#endLease(params, 'failed', (task) => failTask(task, params), options)
  }

  async release(params: LeasedTaskParams, options?: CallOptions): Promise<SamplingTask> {
    checkInput(accepted.release, params, 'release')
    return this.#endLease(params, 'released', (task) => releaseTask(task, params), options)
  }

  async retry(params: Readonly<{ key: SampleKey; now: Date }>, options?: CallOptions): Promise<SamplingTask> {
    checkInput(accepted.timedKey, params, 'retry')
    const decide = (record: SamplingTaskRecord | null): SamplingTaskRecord | null => {
      const task = record === null ? null : taskOf(record)
      const opened = retryTask(task, params)
      if (record === null || opened === task) return record
      return changedRecord(record, opened, { isWaiting: false, endedBy: null })
    }
    return this.#change(params, decide, options)
  }

  async revoke(
    params: Readonly<{ minerHotkey: string; exceptModelHash: string | null; now: Date }>,
    options?: CallOptions,
  ): Promise<Readonly<{ revoked: number }>> {
    checkInput(accepted.revoke, params, 'revoke')
    const { minerHotkey, exceptModelHash, now } = params
    const partition = taskPartition.build({ minerHotkey })
    const query = { connection: this.#connection, table, partition, now, pageSize: READ_PAGE }
    const isConcerned = (record: SamplingTaskRecord): boolean =>
      isOpenTask(record.status) && record.modelHash !== exceptModelHash
    const concerned: SamplingTaskRecord[] = []
    for await (const item of streamItems(query, options)) {
      const record = samplingTaskItem.decode(item)
      if (isConcerned(record)) concerned.push(record)
    }
    const outcomes = await runInParallel(concerned, WRITES_AT_ONCE, async (known) => {
      let isRevoked = false
      const decide = (record: SamplingTaskRecord | null): SamplingTaskRecord | null => {
        isRevoked = record !== null && isConcerned(record)
        if (record === null || !isRevoked) return record
        return changedRecord(record, revokeTask(taskOf(record), now), { isWaiting: false, endedBy: null })
      }
      await this.#stored.change({ key: known, now, known }, decide, options)
      return isRevoked
    })
    return { revoked: outcomes.filter(Boolean).length }
  }

  async sweep(
    params: Readonly<{ environment: string; now: Date }>,
    options?: CallOptions,
  ): Promise<SweepTasksResult> {
    checkInput(accepted.timedEnvironment, params, 'sweep')
    return sweepDueTasks({ connection: this.#connection, ...params }, options)
  }

  async listOpenTaskIds(
    params: Readonly<{ scope: SampleScope; generation: number }>,
    options?: CallOptions,
  ): Promise<readonly number[]> {
    checkInput(accepted.openTasks, params, 'listOpenTaskIds')
    const { minerHotkey, modelRevision, environment } = params.scope
    const { generation } = params
    const query = {
      connection: this.#connection,
      table,
      index: openIndex,
      partition: taskPartition.build({ minerHotkey }),
      range: { prefix: taskSort.prefix({ modelRevision, environment, generation }) },
      now: NO_EXPIRY,
      pageSize: READ_PAGE,
    }
    const ids: number[] = []
    for await (const item of streamItems(query, options)) ids.push(taskSort.parse(String(item['sk'])).taskId)
    return ids
  }

  async list(
    params: Readonly<{ minerHotkey: string; now: Date } & PageParams>,
    options?: CallOptions,
  ): Promise<Page<SamplingTask>> {
    checkInput(accepted.miner, params, 'list')
    const { minerHotkey, ...page } = params
    const partition = taskPartition.build({ minerHotkey })
    const found = await queryItems({ ...page, connection: this.#connection, table, partition }, options)
    return {
      items: found.items.map((item) => taskOf(samplingTaskItem.decode(item))),
      nextCursor: found.nextCursor,
    }
  }

  async listQuarantined(
    params: Readonly<{ environment: string } & PageParams>,
    options?: CallOptions,
  ): Promise<Page<SamplingTask>> {
    checkInput(accepted.environment, params, 'listQuarantined')
    return listQuarantinedTasks({ connection: this.#connection, ...params }, options)
  }

  async count(params: Readonly<{ environment: string }>, options?: CallOptions): Promise<SamplingTaskCounts> {
    checkInput(accepted.environment, params, 'count')
    return countDueTasks({ connection: this.#connection, ...params }, options)
  }

  /** A change by the lease's holder that needs to see the task first; a repeat finds its own work. */
  async #endLease(
    params: LeasedTaskParams,
    as: 'failed' | 'released',
    rule: (task: SamplingTask | null) => SamplingTask,
    options: CallOptions | undefined,
  ): Promise<SamplingTask> {
    const { token } = params
    const decide = (record: SamplingTaskRecord | null): SamplingTaskRecord | null => {
      if (isEndedBy(record, token, as)) return record
      const ended = rule(record === null ? null : taskOf(record))
      if (record === null) return null
      const isWaiting = as === 'failed' && ended.status === 'pending'
      return changedRecord(record, ended, { isWaiting, endedBy: { token, as } })
    }
    return this.#change(params, decide, options)
  }

  async #change(
    params: Readonly<{ key: SampleKey; now: Date }>,
    decide: (record: SamplingTaskRecord | null) => SamplingTaskRecord | null,
    options: CallOptions | undefined,
  ): Promise<SamplingTask> {
    const record = await this.#stored.change(params, decide, options)
    if (record === null) throw lostLease(null, params.key)
    return taskOf(record)
  }
}

/** Keys alone say nothing of expiry, and what is open has none. */
const NO_EXPIRY = new Date(0)

/** Whether the lease that ended last was this token's, and ended so: a repeated call finds its own work. */
function isEndedBy(
  record: SamplingTaskRecord | null,
  token: string,
  as: 'completed' | 'failed' | 'released',
): record is SamplingTaskRecord {
  return record?.endedBy?.token === token && record.endedBy.as === as
}
