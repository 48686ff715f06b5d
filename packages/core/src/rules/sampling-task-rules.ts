import { createHash } from 'node:crypto'

import { StorageError } from '../errors/storage-error.ts'
import type { SampleKey } from '../models/sample.ts'
import type {
  ExecutionError,
  NewSamplingTask,
  SamplingTask,
  SamplingTaskStatus,
} from '../models/sampling-task.ts'
import { retryDelayMs } from '../tasks/retry-policy.ts'

/** Days for which completed and revoked tasks can be looked up, and completed ones are not made anew. */
export const SETTLED_TASK_DAYS = 7

/** Longest lease: a worker that is silent for a day is gone. */
export const MAX_TASK_LEASE_MS = 86_400_000

/** Most tasks that one claim may ask for. */
export const MAX_CLAIMED_TASKS = 100

/**
 * The delays after a failed attempt: at most 30 s after the first, twice that after each further one, never more than
 * half an hour. With the five attempts that are usual a task survives an outage of about seven minutes.
 */
const BACKOFF = { attempts: 100, baseDelayMs: 30_000, maxDelayMs: 1_800_000 } as const

/** Why a worker's lease does not count any more: the task was revoked, another attempt completed it, or it moved on. */
export type LostLeaseReason = 'lease_lost' | 'revoked' | 'completed'

/** Whether a task still waits for a sample: pending, claimed, or quarantined until a person looks at it. */
export function isOpenTask(status: SamplingTaskStatus): boolean {
  return status === 'pending' || status === 'claimed' || status === 'quarantined'
}

/**
 * Whether making a task writes over one that is there. Only a revoked one gives way: whoever makes it again has a
 * reason again (the miner is back, or serves another model), and leaving it would keep the miner unasked for days.
 */
export function givesWayToNewTask(status: SamplingTaskStatus): boolean {
  return status === 'revoked'
}

/** A task as it begins: pending, claimable from `now` on. */
export function openTask(task: NewSamplingTask, now: Date): SamplingTask {
  return {
    ...task,
    status: 'pending',
    notBefore: now,
    attempts: 0,
    lease: null,
    lastError: null,
    sampleId: null,
    createdAt: now,
    updatedAt: now,
  }
}

/** When a task's item may go: {@link SETTLED_TASK_DAYS} after it was settled; null while it is open. */
export function settledTaskExpiry(task: Pick<SamplingTask, 'status' | 'updatedAt'>): Date | null {
  if (isOpenTask(task.status)) return null
  return new Date(task.updatedAt.getTime() + SETTLED_TASK_DAYS * 86_400_000)
}

/**
 * The delay after failed attempt number `attempt` (from 1), in ms: a share of the doubling bound between half and all
 * of it. The share comes from the task and the attempt, so that tasks that failed together do not come back together,
 * and a repeated call gives the same delay.
 */
export function samplingBackoffMs(key: SampleKey, attempt: number): number {
  const { minerHotkey, modelRevision, environment, generation, taskId } = key
  const seed = JSON.stringify([minerHotkey, modelRevision, environment, generation, taskId, attempt])
  const share = createHash('sha256').update(seed).digest().readUInt32BE(0) / 2 ** 32
  return retryDelayMs(BACKOFF, attempt, () => share)
}

/**
 * The task after the worker's attempt failed: pending behind its back-off, or quarantined after the last attempt. The
 * back-off counts from the later of `now` and the task's last change, so that a clock that went back does not end it.
 *
 * @throws StorageError `conflict` with `details.reason` when the token does not hold the task.
 */
export function failTask(
  task: SamplingTask | null,
  failure: Readonly<{ key: SampleKey; token: string; error: ExecutionError; now: Date }>,
): SamplingTask {
  const held = requireHeldTask(task, failure)
  const { error, now } = failure
  const ended = { ...held, lease: null, lastError: error, updatedAt: now }
  if (held.attempts >= held.maxAttempts) return { ...ended, status: 'quarantined' }
  const from = Math.max(now.getTime(), held.updatedAt.getTime())
  return {
    ...ended,
    status: 'pending',
    notBefore: new Date(from + samplingBackoffMs(held, held.attempts)),
  }
}

/**
 * The task after its worker gave it back: claimable at once, and the attempt does not count.
 *
 * @throws StorageError `conflict` with `details.reason` when the token does not hold the task.
 */
export function releaseTask(
  task: SamplingTask | null,
  release: Readonly<{ key: SampleKey; token: string; now: Date }>,
): SamplingTask {
  const held = requireHeldTask(task, release)
  return {
    ...held,
    status: 'pending',
    lease: null,
    attempts: Math.max(0, held.attempts - 1),
    updatedAt: release.now,
  }
}

/**
 * What becomes of a claimed task whose lease ran out: claimable again, quarantined when that was its last attempt, or
 * null when there is nothing to do because the lease still runs or the task moved on.
 */
export function reclaimTask(task: SamplingTask, now: Date): SamplingTask | null {
  const { lease } = task
  if (task.status !== 'claimed' || lease === null || lease.expiresAt.getTime() > now.getTime()) return null
  const lastError: ExecutionError = {
    kind: 'lease_expired',
    message: `${lease.owner} neither finished nor renewed it by ${lease.expiresAt.toISOString()}`,
  }
  const status = task.attempts >= task.maxAttempts ? 'quarantined' : 'pending'
  return { ...task, status, lease: null, lastError, updatedAt: now }
}

/** An open task after its reason is gone; one that is settled stays as it is. */
export function revokeTask(task: SamplingTask, now: Date): SamplingTask {
  return isOpenTask(task.status) ? { ...task, status: 'revoked', lease: null, updatedAt: now } : task
}

/**
 * A quarantined task, open again with all its attempts; the last error stays for people to read. A repeat of the call
 * that opened it gives it unchanged.
 *
 * @throws StorageError `not_found` when there is none, `conflict` when it is in another state.
 */
export function retryTask(
  task: SamplingTask | null,
  retry: Readonly<{ key: SampleKey; now: Date }>,
): SamplingTask {
  const { key, now } = retry
  if (task === null) {
    throw new StorageError({
      code: 'not_found',
      message: `there is no ${nameTask(key)}`,
      details: { ...key },
    })
  }
  if (task.status === 'quarantined') {
    return { ...task, status: 'pending', attempts: 0, notBefore: now, updatedAt: now }
  }
  if (isRetriedAt(task, now)) return task
  throw new StorageError({
    code: 'conflict',
    message: `${nameTask(key)} is ${task.status}, only a quarantined one can be tried again`,
    details: { ...keyOf(key), reason: 'not_quarantined', status: task.status },
  })
}

function isRetriedAt(task: SamplingTask, now: Date): boolean {
  const isUntouched = task.status === 'pending' && task.attempts === 0 && task.lastError !== null
  return isUntouched && [task.notBefore, task.updatedAt].every((time) => time.getTime() === now.getTime())
}

/** Why `token` does not hold this task; null is a task that is not there (any more). */
export function lostLeaseReason(task: Pick<SamplingTask, 'status'> | null): LostLeaseReason {
  if (task?.status === 'revoked' || task?.status === 'completed') return task.status
  return 'lease_lost'
}

/** The error of a worker whose lease does not count any more. */
export function lostLease(task: SamplingTask | null, key: SampleKey): StorageError {
  const reason = lostLeaseReason(task)
  const problem = {
    revoked: 'was revoked: the miner serves another model',
    completed: 'is completed already',
    lease_lost: 'is not held under this token any more',
  }[reason]
  return new StorageError({
    code: 'conflict',
    message: `${nameTask(key)} ${problem}`,
    details: { ...keyOf(key), reason, status: task?.status ?? null },
  })
}

/** The task, when it is claimed under this token. @throws StorageError `conflict` otherwise, see {@link lostLease}. */
export function requireHeldTask(
  task: SamplingTask | null,
  by: Readonly<{ key: SampleKey; token: string }>,
): SamplingTask {
  if (task?.status === 'claimed' && task.lease?.token === by.token) return task
  throw lostLease(task, by.key)
}

/** The key alone: callers may hand over a whole task. */
function keyOf({ minerHotkey, modelRevision, environment, generation, taskId }: SampleKey): SampleKey {
  return { minerHotkey, modelRevision, environment, generation, taskId }
}

function nameTask(key: SampleKey): string {
  return `task ${key.taskId} of ${key.environment} for ${key.minerHotkey}@${key.modelRevision}, generation ${key.generation}`
}
