import { heldLockSchema, type HeldLock } from '@subnetkit/core'
import { z } from 'zod'

import { epochSecondsAttribute, instantAttribute } from '../codecs/attributes.ts'
import { createItemCodec } from '../codecs/item-codec.ts'
import type { Item } from '../codecs/item.ts'
import { textPart } from '../keys/key-parts.ts'
import { KEY_LIMITS, keyTemplate } from '../keys/key-template.ts'
import type { LeaseAttributes } from '../leases/lease-changes.ts'

/**
 * How long an abandoned lock stays after its end. Its end alone decides who may take it; the engine's clock, which
 * removes the item, may be ahead of its holder's by this much and still takes no lock from anybody.
 */
const STAYS_MS = 3_600_000

/** Where an item keeps its holder. */
export const lockLease: LeaseAttributes = { owner: 'owner', token: 'token', expiresAt: 'expiresAt' }

const lockKey = keyTemplate<{ name: string }>({ name: textPart('LOCK') }, KEY_LIMITS.partition)

/** The key of a lock's item. */
export function lockItemKey(name: string): Item {
  return { pk: lockKey.build({ name }) }
}

/** When the engine may remove a lock that ends at `expiresAt` and was never given back. */
export function lockExpiry(expiresAt: Date): Item {
  return { ttl: z.encode(epochSecondsAttribute, new Date(expiresAt.getTime() + STAYS_MS)) }
}

/** One lock. */
export const heldLockItem = createItemCodec<HeldLock>({
  name: 'heldLock',
  schema: z.strictObject({
    ...heldLockSchema.shape,
    expiresAt: instantAttribute,
  }) satisfies z.ZodType<HeldLock>,
  keys: ({ name, expiresAt }) => ({ ...lockItemKey(name), ...lockExpiry(expiresAt) }),
})
