import { createHash } from 'node:crypto'

import {
  actorSchema,
  contentIdSchema,
  MAX_TASK_PRIORITY,
  newSamplingTaskSchema,
  samplingTaskSchema,
  samplingTaskStatuses,
  settledTaskExpiry,
  isOpenTask,
  type SampleKey,
  type SamplingTask,
} from '@subnetkit/core'
import { z } from 'zod'

import {
  epochSecondsAttribute,
  instantAttribute,
  integerAttribute,
  textAttribute,
} from '../codecs/attributes.ts'
import { createItemCodec } from '../codecs/item-codec.ts'
import type { Item } from '../codecs/item.ts'
import { numberPart, textPart } from '../keys/key-parts.ts'
import { KEY_LIMITS, keyTemplate } from '../keys/key-template.ts'
import type { LeaseAttributes } from '../leases/lease-changes.ts'
import { TASK_SHARDS } from '../tables/task-queue-table.ts'

/** Partition of all tasks of one miner, and of its open ones in the open-index. */
export const taskPartition = keyTemplate<{ minerHotkey: string }>(
  { minerHotkey: textPart('MINER') },
  KEY_LIMITS.partition,
)

/** Place of a task within its miner. */
export const taskSort = keyTemplate<Omit<SampleKey, 'minerHotkey'>>({
  modelRevision: textPart('REV'),
  environment: textPart('ENV'),
  generation: numberPart('GEN', 6),
  taskId: numberPart('TASK', 12),
})

/** Part of the claimable tasks of an environment. */
export const claimPartition = keyTemplate<{ environment: string; shard: number }>(
  { environment: textPart('ENV'), shard: numberPart('SHARD', 2) },
  KEY_LIMITS.partition,
)

/** What a task's time in the due-index means. */
export type DueKind = 'LEASE' | 'BACKOFF' | 'QUARANTINE'

/** Part of the tasks of an environment with a time of one kind. */
export const duePartition = keyTemplate<{ kind: string; environment: string; shard: number }>(
  { kind: textPart('DUE'), environment: textPart('ENV'), shard: numberPart('SHARD', 2) },
  KEY_LIMITS.partition,
)

const claimSort = keyTemplate<{ rank: number; taskId: number; turn: string }>({
  rank: numberPart('RANK', 3),
  taskId: numberPart('TASK', 12),
  turn: textPart('TURN'),
})

/** The shards of every index that is spread. */
export const taskShards: readonly number[] = Array.from({ length: TASK_SHARDS }, (_, shard) => shard)

/** Where a task's lease stands in its item. */
export const taskLease: LeaseAttributes = {
  owner: 'leaseOwner',
  token: 'leaseToken',
  expiresAt: 'leaseExpiresAt',
}

const lastErrorAttribute = z.strictObject({
  kind: samplingTaskSchema.shape.lastError.unwrap().shape.kind,
  message: textAttribute.refine((text) => text.length <= 2_000, 'must have at most 2000 characters'),
})

const positive = (limit: number): z.ZodType<number, unknown> =>
  integerAttribute.refine((value) => value >= 1 && value <= limit, `must be within 1–${limit}`)
const upTo = (limit: number): z.ZodType<number, unknown> =>
  integerAttribute.refine((value) => value >= 0 && value <= limit, `must be within 0–${limit}`)

const fields = newSamplingTaskSchema.shape

const samplingTaskRecordSchema = z.strictObject({
  minerHotkey: fields.minerHotkey,
  modelRevision: fields.modelRevision,
  environment: fields.environment,
  generation: upTo(999_999),
  taskId: upTo(999_999_999_999),
  modelHash: fields.modelHash,
  priority: upTo(MAX_TASK_PRIORITY),
  maxAttempts: positive(100),
  status: z.enum(samplingTaskStatuses),
  notBefore: instantAttribute,
  attempts: upTo(Number.MAX_SAFE_INTEGER),
  leaseOwner: actorSchema.exactOptional(),
  leaseToken: actorSchema.exactOptional(),
  leaseExpiresAt: instantAttribute.exactOptional(),
  lastError: lastErrorAttribute.nullable(),
  sampleId: contentIdSchema.nullable(),
  createdAt: instantAttribute,
  updatedAt: instantAttribute,
  isWaiting: z.boolean(),
  endedBy: z.strictObject({ token: actorSchema, as: z.enum(['completed', 'failed', 'released']) }).nullable(),
  version: positive(Number.MAX_SAFE_INTEGER),
}) satisfies z.ZodType<SamplingTaskRecord>

/** A task as it is stored: its lease in three attributes, and what only the store needs to know. */
export interface SamplingTaskRecord extends Omit<SamplingTask, 'lease'> {
  readonly leaseOwner?: string
  readonly leaseToken?: string
  readonly leaseExpiresAt?: Date
  /** A pending task in back-off, until a sweep finds that it is over. */
  readonly isWaiting: boolean
  /** Which lease ended last and how, until the next claim: a repeated call finds its own work. */
  readonly endedBy: Readonly<{ token: string; as: 'completed' | 'failed' | 'released' }> | null
  /** Counts changes: a change that was decided on an older state is refused. */
  readonly version: number
}

/** One task. */
export const samplingTaskItem = createItemCodec<SamplingTaskRecord>({
  name: 'samplingTask',
  schema: samplingTaskRecordSchema,
  keys: (record) => ({
    ...taskItemKey(record),
    ...(isOpenTask(record.status) ? { openPk: taskPartition.build(record) } : {}),
    ...claimKeys(record),
    ...dueKeys(record),
    ...expiryOf(record),
  }),
})

/** The key of a task's item. */
export function taskItemKey(key: SampleKey): Item {
  const { modelRevision, environment, generation, taskId } = key
  return {
    pk: taskPartition.build({ minerHotkey: key.minerHotkey }),
    sk: taskSort.build({ modelRevision, environment, generation, taskId }),
  }
}

/** The attributes that place a task in the due-index. */
export function dueKey(kind: DueKind, key: SampleKey, at: Date): Item {
  const { environment } = key
  return {
    duePk: duePartition.build({ kind, environment, shard: shardOf(key) }),
    dueAt: at.toISOString(),
  }
}

/** The attribute that ends a settled task's stay; none while it is open. */
export function expiryOf(task: Pick<SamplingTask, 'status' | 'updatedAt'>): Item {
  const expiresAt = settledTaskExpiry(task)
  return expiresAt === null ? {} : { expiresAt: z.encode(epochSecondsAttribute, expiresAt) }
}

/** The priority that a claimable-index sort key carries. */
export function priorityOf(claimSk: string): number {
  return MAX_TASK_PRIORITY - claimSort.parse(claimSk).rank
}

/** A new item's record. */
export function newRecord(task: SamplingTask): SamplingTaskRecord {
  const { lease: _none, ...rest } = task
  return { ...rest, isWaiting: false, endedBy: null, version: 1 }
}

/** The record after a change that the rules decided. */
export function changedRecord(
  record: SamplingTaskRecord,
  task: SamplingTask,
  change: Pick<SamplingTaskRecord, 'isWaiting' | 'endedBy'>,
): SamplingTaskRecord {
  return { ...newRecord(task), ...change, version: record.version + 1 }
}

/** The task that a record holds. */
export function taskOf(record: SamplingTaskRecord): SamplingTask {
  const {
    leaseOwner,
    leaseToken,
    leaseExpiresAt,
    isWaiting: _waiting,
    endedBy: _endedBy,
    version: _version,
    ...task
  } = record
  const isLeased = leaseOwner !== undefined && leaseToken !== undefined && leaseExpiresAt !== undefined
  const lease = isLeased ? { owner: leaseOwner, token: leaseToken, expiresAt: leaseExpiresAt } : null
  return { ...task, lease }
}

function claimKeys(record: SamplingTaskRecord): Item {
  if (record.status !== 'pending' || record.isWaiting) return {}
  const { environment, priority, taskId } = record
  return {
    claimPk: claimPartition.build({ environment, shard: shardOf(record) }),
    claimSk: claimSort.build({
      rank: MAX_TASK_PRIORITY - priority,
      taskId,
      turn: digestOf(record).toString('hex', 1, 5),
    }),
  }
}

function dueKeys(record: SamplingTaskRecord): Item {
  const { status, leaseExpiresAt } = record
  if (status === 'quarantined') return dueKey('QUARANTINE', record, record.updatedAt)
  if (status === 'claimed' && leaseExpiresAt !== undefined) return dueKey('LEASE', record, leaseExpiresAt)
  return status === 'pending' && record.isWaiting ? dueKey('BACKOFF', record, record.notBefore) : {}
}

function shardOf(key: SampleKey): number {
  return (digestOf(key)[0] ?? 0) % TASK_SHARDS
}

function digestOf(key: SampleKey): Buffer {
  const { pk, sk } = taskItemKey(key)
  return createHash('sha256')
    .update(`${String(pk)}\n${String(sk)}`)
    .digest()
}
