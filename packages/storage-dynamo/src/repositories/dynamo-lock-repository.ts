import {
  heldLockSchema,
  instantSchema,
  lockLeaseMsSchema,
  StorageError,
  type CallOptions,
  type HeldLock,
  type LockRepository,
} from '@subnetkit/core'
import { z } from 'zod'

import { checkInput } from '../codecs/check-input.ts'
import type { DynamoConnection } from '../connect.ts'
import { isLeasedBy, leaseAcquisition, leaseRenewal } from '../leases/lease-changes.ts'
import { deleteItem } from '../requests/delete-item.ts'
import { getItem } from '../requests/get-item.ts'
import { updateItemIf } from '../requests/update-item.ts'
import { locksTable as table } from '../tables/locks-table.ts'
import { heldLockItem, lockExpiry, lockItemKey, lockLease } from './held-lock-items.ts'

const { name, owner, token } = heldLockSchema.shape
const timed = { leaseMs: lockLeaseMsSchema, now: instantSchema }
const acquireParams = z.object({ name, owner, token, ...timed })
const renewParams = z.object({ name, token, ...timed })
const releaseParams = z.object({ name, token })
const findParams = z.object({ name, now: instantSchema })

/**
 * Locks in DynamoDB. Each is an item of its own, and one conditional write on it decides: taking makes the item or
 * takes over one that ran out, giving back removes it. A resend after a lost answer meets its own token and changes
 * nothing.
 */
export class DynamoLockRepository implements LockRepository {
  readonly #connection: DynamoConnection

  constructor(connection: DynamoConnection) {
    this.#connection = connection
  }

  async acquire(
    params: Readonly<{ name: string; owner: string; token: string; leaseMs: number; now: Date }>,
    options?: CallOptions,
  ): Promise<HeldLock | null> {
    checkInput(acquireParams, params, 'acquire')
    const expiresAt = endOf(params)
    const grant = { owner: params.owner, token: params.token, expiresAt }
    const { change, condition } = leaseAcquisition(lockLease, grant, params.now)
    const taken = await updateItemIf(
      {
        ...this.#target(params.name),
        change: { set: { ...change.set, name: params.name, ...lockExpiry(expiresAt) } },
        condition,
      },
      options,
    )
    return taken === null ? null : heldLockItem.decode(taken)
  }

  async renew(
    params: Readonly<{ name: string; token: string; leaseMs: number; now: Date }>,
    options?: CallOptions,
  ): Promise<HeldLock> {
    checkInput(renewParams, params, 'renew')
    const expiresAt = endOf(params)
    const { change, condition } = leaseRenewal(lockLease, { token: params.token, expiresAt })
    const renewed = await updateItemIf(
      {
        ...this.#target(params.name),
        change: { set: { ...change.set, ...lockExpiry(expiresAt) } },
        condition,
      },
      options,
    )
    if (renewed !== null) return heldLockItem.decode(renewed)
    // Lost, or it lasts longer already: the item tells which.
    const held = await this.#read(params.name, params.now, options)
    if (held?.token !== params.token) throw lockLost(params.name, held)
    return held
  }

  async release(params: Readonly<{ name: string; token: string }>, options?: CallOptions): Promise<void> {
    checkInput(releaseParams, params, 'release')
    const condition = isLeasedBy(lockLease, params.token)
    await deleteItem({ ...this.#target(params.name), condition }, options)
  }

  async find(params: Readonly<{ name: string; now: Date }>, options?: CallOptions): Promise<HeldLock | null> {
    checkInput(findParams, params, 'find')
    const held = await this.#read(params.name, params.now, options)
    return held === null || held.expiresAt <= params.now ? null : held
  }

  /** The lock as it is stored, also when its time is over. */
  async #read(lock: string, now: Date, options: CallOptions | undefined): Promise<HeldLock | null> {
    const item = await getItem({ ...this.#target(lock), now }, options)
    return item === null ? null : heldLockItem.decode(item)
  }

  #target(lock: string): Pick<Parameters<typeof getItem>[0], 'connection' | 'table' | 'key'> {
    return { connection: this.#connection, table, key: lockItemKey(lock) }
  }
}

function endOf({ now, leaseMs }: Readonly<{ now: Date; leaseMs: number }>): Date {
  return new Date(now.getTime() + leaseMs)
}

function lockLost(lock: string, held: HeldLock | null): StorageError {
  const state = held === null ? 'is free' : `is held by ${held.owner} until ${held.expiresAt.toISOString()}`
  return new StorageError({
    code: 'conflict',
    message: `lock ${lock}: not held under this token any more, it ${state}; stop what it guards and take it anew`,
    details: { name: lock, reason: 'lease_lost', heldBy: held?.owner ?? null },
  })
}
