import { StorageError, type CallOptions, type SampleKey } from '@subnetkit/core'

import type { DynamoConnection } from '../connect.ts'
import { getItem } from '../requests/get-item.ts'
import { updateItemIf } from '../requests/update-item.ts'
import { backoffDelayMs, pause } from '../requests/backoff.ts'
import { taskQueueTable as table } from '../tables/task-queue-table.ts'
import { taskChange } from './sampling-task-changes.ts'
import { samplingTaskItem, taskItemKey, type SamplingTaskRecord } from './sampling-task-items.ts'

/** Every lost lap means that somebody else changed the same task in between. */
const MAX_LAPS = 20
const LAP_BACKOFF = { baseDelayMs: 4, maxDelayMs: 100 } as const

/** Decides on the stored state: gives the next one, or the same object to leave it, or null for what is not there. */
export type DecideTask = (record: SamplingTaskRecord | null) => SamplingTaskRecord | null

/** Which task to change. */
export interface ChangeTaskParams {
  readonly key: SampleKey
  readonly now: Date
  /** Its state when it was just read: saves a read. */
  readonly known?: SamplingTaskRecord
}

/** The tasks as they stand in the table, and changes that are decided on what was read. */
export class StoredTasks {
  readonly #connection: DynamoConnection

  constructor(connection: DynamoConnection) {
    this.#connection = connection
  }

  /** Consistent; null when there is none or its stay is over. */
  async find(
    key: SampleKey,
    now: Date,
    options: CallOptions | undefined,
  ): Promise<SamplingTaskRecord | null> {
    const itemKey = taskItemKey(key)
    const item = await getItem({ connection: this.#connection, table, key: itemKey, now }, options)
    return item === null ? null : samplingTaskItem.decode(item)
  }

  /**
   * Writes what `decide` makes of the stored task, when nobody changed it since it was read; otherwise reads and decides
   * again. Gives the task as it is afterwards. What `decide` throws passes.
   */
  async change(
    params: ChangeTaskParams,
    decide: DecideTask,
    options: CallOptions | undefined,
  ): Promise<SamplingTaskRecord | null> {
    const { key, now, known } = params
    for (let lap = 1; lap <= MAX_LAPS; lap += 1) {
      if (lap > 2)
        await pause(backoffDelayMs(lap, JSON.stringify(taskItemKey(key)), LAP_BACKOFF), options?.signal)
      const before = lap === 1 && known !== undefined ? known : await this.find(key, now, options)
      const after = decide(before)
      if (before === null || after === null || after === before) return before
      const target = { connection: this.#connection, table, key: taskItemKey(key) }
      const item = await updateItemIf({ ...target, ...taskChange(before, after) }, options)
      if (item !== null) return samplingTaskItem.decode(item)
    }
    throw new StorageError({
      code: 'conflict',
      message: `task ${key.taskId} of ${key.environment}: other writers won ${MAX_LAPS} times in a row`,
      retryable: true,
      details: taskItemKey(key),
    })
  }
}
