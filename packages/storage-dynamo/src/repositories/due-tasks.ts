import {
  reclaimTask,
  StorageError,
  type CallOptions,
  type Page,
  type PageParams,
  type SamplingTask,
  type SamplingTaskCounts,
  type SweepTasksResult,
} from '@subnetkit/core'

import type { Item } from '../codecs/item.ts'
import type { DynamoConnection } from '../connect.ts'
import { batchGet } from '../requests/batch-get.ts'
import { countItems } from '../requests/count-items.ts'
import { decodeCursor, encodeCursor } from '../requests/cursor.ts'
import { keyOf } from '../requests/key-text.ts'
import { queryItems, type QueryItemsParams } from '../requests/query-items.ts'
import { runInParallel } from '../requests/run-in-parallel.ts'
import { updateItemIf } from '../requests/update-item.ts'
import { claimableIndex, dueIndex, taskQueueTable as table } from '../tables/task-queue-table.ts'
import { taskChange } from './sampling-task-changes.ts'
import {
  changedRecord,
  claimPartition,
  duePartition,
  samplingTaskItem,
  taskOf,
  taskShards,
  type DueKind,
  type SamplingTaskRecord,
} from './sampling-task-items.ts'

const SWEEP_PAGE = 100
const WRITES_AT_ONCE = 8
/** Sorts before every ISO time. */
const FIRST_TIME = '0'

type Connected = Readonly<{ connection: DynamoConnection }>
type Swept = keyof SweepTasksResult

/** Makes claimable, or quarantines, what is due by `now`; reads nothing else. Each task is one conditional write. */
export async function sweepDueTasks(
  params: Connected & Readonly<{ environment: string; now: Date }>,
  options: CallOptions | undefined,
): Promise<SweepTasksResult> {
  const result: Record<Swept, number> = { ready: 0, reclaimed: 0, quarantined: 0 }
  const parts = taskShards.flatMap((shard) =>
    (['LEASE', 'BACKOFF'] as const).map((kind) => dueQuery(params, kind, shard)),
  )
  const range = { from: FIRST_TIME, to: params.now.toISOString() }
  await runInParallel(parts, parts.length, async (part) => {
    let cursor: string | null = null
    do {
      const page: Page<Item> = await queryItems({ ...part, range, limit: SWEEP_PAGE, cursor }, options)
      const outcomes = await sweepPage(params, page.items, options)
      for (const outcome of outcomes) if (outcome !== null) result[outcome] += 1
      cursor = page.nextCursor
    } while (cursor !== null)
  })
  return result
}

async function sweepPage(
  params: Connected & Readonly<{ now: Date }>,
  entries: readonly Item[],
  options: CallOptions | undefined,
): Promise<readonly (Swept | null)[]> {
  const { connection, now } = params
  const records = await readRecords(connection, entries, now, options)
  return runInParallel(records, WRITES_AT_ONCE, async (record) => {
    const swept = sweepRecord(record, now)
    if (swept === null) return null
    const { pk, sk } = samplingTaskItem.encode(record)
    const target = { connection, table, key: { pk, sk } }
    const item = await updateItemIf({ ...target, ...taskChange(record, swept.next) }, options)
    return item === null ? null : swept.as
  })
}

/** What a sweep makes of a task; null when it moved on since the index named it. */
function sweepRecord(
  record: SamplingTaskRecord,
  now: Date,
): Readonly<{ next: SamplingTaskRecord; as: Swept }> | null {
  const task = taskOf(record)
  if (task.status === 'pending' && record.isWaiting && task.notBefore.getTime() <= now.getTime()) {
    const { endedBy } = record
    return { next: changedRecord(record, task, { isWaiting: false, endedBy }), as: 'ready' }
  }
  const reclaimed = reclaimTask(task, now)
  if (reclaimed === null) return null
  const next = changedRecord(record, reclaimed, { isWaiting: false, endedBy: null })
  return { next, as: reclaimed.status === 'quarantined' ? 'quarantined' : 'reclaimed' }
}

/** How many tasks of an environment stand where, counted in the indexes: eventual, and not of one moment. */
export async function countDueTasks(
  params: Connected & Readonly<{ environment: string }>,
  options: CallOptions | undefined,
): Promise<SamplingTaskCounts> {
  const { connection, environment } = params
  const sum = async (queries: readonly Omit<QueryItemsParams, 'range'>[]): Promise<number> => {
    const counts = await Promise.all(queries.map(async (query) => countItems(query, options)))
    return counts.reduce((left, right) => left + right, 0)
  }
  const due = (kind: DueKind): Promise<number> =>
    sum(taskShards.map((shard) => dueQuery(params, kind, shard)))
  const [claimable, waiting, claimed, quarantined] = await Promise.all([
    sum(
      taskShards.map((shard) => {
        const partition = claimPartition.build({ environment, shard })
        return { connection, table, index: claimableIndex, partition }
      }),
    ),
    due('BACKOFF'),
    due('LEASE'),
    due('QUARANTINE'),
  ])
  return { claimable, waiting, claimed, quarantined }
}

/** Quarantined tasks shard by shard, the oldest of each first. A page ends with its shard. */
export async function listQuarantinedTasks(
  params: Connected & Readonly<{ environment: string }> & PageParams,
  options: CallOptions | undefined,
): Promise<Page<SamplingTask>> {
  const { connection, environment, limit } = params
  const scope = `quarantined\n${environment}`
  const { shard, cursor } = readPlace(scope, params.cursor ?? null)
  const page = await queryItems({ ...dueQuery(params, 'QUARANTINE', shard), limit, cursor }, options)
  const records = await readRecords(connection, page.items, NO_EXPIRY, options)
  const isLast = page.nextCursor === null && shard === taskShards.length - 1
  const next =
    page.nextCursor === null ? { shard: `${shard + 1}` } : { shard: `${shard}`, cursor: page.nextCursor }
  return {
    items: records.filter(({ status }) => status === 'quarantined').map(taskOf),
    nextCursor: isLast ? null : encodeCursor(scope, next),
  }
}

function readPlace(scope: string, given: string | null): { shard: number; cursor: string | null } {
  if (given === null) return { shard: 0, cursor: null }
  const { shard, cursor } = decodeCursor(scope, given)
  if (!taskShards.includes(Number(shard))) {
    throw new StorageError({
      code: 'invalid_input',
      message: 'cursor: is not one that this list gave; start again without a cursor',
      details: { field: 'cursor' },
    })
  }
  return { shard: Number(shard), cursor: typeof cursor === 'string' ? cursor : null }
}

function dueQuery(
  { connection, environment }: Connected & Readonly<{ environment: string }>,
  kind: DueKind,
  shard: number,
): Omit<QueryItemsParams, 'range'> {
  const partition = duePartition.build({ kind, environment, shard })
  return { connection, table, index: dueIndex, partition, now: NO_EXPIRY }
}

/** The items that an index names, as they are now. */
async function readRecords(
  connection: DynamoConnection,
  entries: readonly Item[],
  now: Date,
  options: CallOptions | undefined,
): Promise<readonly SamplingTaskRecord[]> {
  const keys = entries.map((item) => keyOf(table, item))
  const items = await batchGet({ connection, table, keys, now }, options)
  return items.filter((item) => item !== null).map((item) => samplingTaskItem.decode(item))
}

/** What is open has no expiry. */
const NO_EXPIRY = new Date(0)
