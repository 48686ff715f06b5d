import { isDeepStrictEqual } from 'node:util'

import { givesWayToNewTask, samplingTaskStatuses, type SampleKey } from '@subnetkit/core'

import { NumberValue } from '../codecs/item.ts'
import {
  isLeasedBy,
  isUnleased,
  leaseAttributeNames,
  leaseItem,
  leaseRenewal,
  type ConditionalChange,
  type LeaseGrant,
} from '../leases/lease-changes.ts'
import { absent, allOf, anyOf, compare, type Condition } from '../requests/condition.ts'
import {
  dueKey,
  expiryOf,
  samplingTaskItem,
  taskLease,
  type SamplingTaskRecord,
} from './sampling-task-items.ts'

const STEP = { version: 1 } as const

/** There is no such task, its stay is over, or it gives way to a new one. */
export function mayBeMade(now: Date): Condition {
  const seconds = NumberValue.from(Math.floor(now.getTime() / 1000))
  const yielding = samplingTaskStatuses.filter(givesWayToNewTask)
  return anyOf(
    absent('pk'),
    compare('expiresAt', '<=', seconds),
    ...yielding.map((status) => compare('status', '=', status)),
  )
}

/**
 * Takes a task that is claimable now: the attempt counts from here on. A back-off is over when a sweep says so, never
 * by comparing times here: a clock that is set back must not shut out tasks that are waiting for nothing.
 */
export function taskClaim(key: SampleKey, grant: LeaseGrant, now: Date): ConditionalChange {
  return {
    change: {
      set: {
        status: 'claimed',
        ...leaseItem(taskLease, grant),
        ...dueKey('LEASE', key, grant.expiresAt),
        endedBy: null,
        updatedAt: now.toISOString(),
      },
      add: { attempts: 1, ...STEP },
      remove: ['claimPk', 'claimSk'],
    },
    condition: allOf(
      isUnleased(taskLease),
      compare('status', '=', 'pending'),
      compare('isWaiting', '=', false),
    ),
  }
}

/** Moves the end of a lease on, and with it the time at which a sweep looks at the task. */
export function taskHeartbeat(
  key: SampleKey,
  renewal: Pick<LeaseGrant, 'token' | 'expiresAt'>,
  now: Date,
): ConditionalChange {
  const { change, condition } = leaseRenewal(taskLease, renewal)
  return {
    change: {
      set: { ...change.set, ...dueKey('LEASE', key, renewal.expiresAt), updatedAt: now.toISOString() },
      add: STEP,
    },
    condition: allOf(isClaimed, condition),
  }
}

/** Ends a task that is held under the token, with its sample. */
export function taskCompletion(token: string, sampleId: string, now: Date): ConditionalChange {
  const settled = { status: 'completed', updatedAt: now } as const
  return {
    change: {
      set: {
        status: settled.status,
        sampleId,
        endedBy: { token, as: 'completed' },
        updatedAt: now.toISOString(),
        ...expiryOf(settled),
      },
      add: STEP,
      remove: ['openPk', 'duePk', 'dueAt', ...leaseAttributeNames(taskLease)],
    },
    condition: allOf(isClaimed, isLeasedBy(taskLease, token)),
  }
}

/** The difference between two states of a task, on the condition that the first is still the stored one. */
export function taskChange(before: SamplingTaskRecord, after: SamplingTaskRecord): ConditionalChange {
  const [old, next] = [samplingTaskItem.encode(before), samplingTaskItem.encode(after)]
  const changed = Object.entries(next).filter(([name, value]) => !isDeepStrictEqual(old[name], value))
  return {
    change: {
      set: Object.fromEntries(changed),
      remove: Object.keys(old).filter((name) => !Object.hasOwn(next, name)),
    },
    condition: allOf(
      compare('version', '=', NumberValue.from(before.version)),
      compare('createdAt', '=', before.createdAt.toISOString()),
    ),
  }
}

const isClaimed = compare('status', '=', 'claimed')
