import {
  hotkeySchema,
  modelRevisionSchema,
  retentionPolicySchema,
  type RetentionPolicy,
} from '@subnetkit/core'
import { z } from 'zod'

import { instantAttribute } from '../codecs/attributes.ts'
import { createItemCodec } from '../codecs/item-codec.ts'
import type { Item } from '../codecs/item.ts'
import { textPart } from '../keys/key-parts.ts'
import { KEY_LIMITS, keyTemplate } from '../keys/key-template.ts'

/** Partition of the policies of a miner. */
export const retentionPartition = keyTemplate<{ minerHotkey: string }>(
  { minerHotkey: textPart('MINER') },
  KEY_LIMITS.partition,
)

/** Sort key of one policy. */
export const retentionSort = keyTemplate<{ modelRevision: string }>({ modelRevision: textPart('REV') })

const retentionPolicyItemSchema = z.strictObject({
  minerHotkey: hotkeySchema,
  modelRevision: modelRevisionSchema,
  protectedBecause: retentionPolicySchema.shape.protectedBecause,
  protectedSince: instantAttribute.nullable(),
  lastCleanupAt: instantAttribute.nullable(),
  updatedAt: instantAttribute,
}) satisfies z.ZodType<RetentionPolicy>

/** One policy with all its attributes; see {@link readRetentionPolicy} for one that lacks some. */
export const retentionPolicyItem = createItemCodec<RetentionPolicy>({
  name: 'retentionPolicy',
  schema: retentionPolicyItemSchema,
  keys: ({ minerHotkey, modelRevision }): Item => ({
    pk: retentionPartition.build({ minerHotkey }),
    sk: retentionSort.build({ modelRevision }),
  }),
})

/**
 * What an item says. What never happened or ended is an absent attribute, so that `since` can be set in one step if it
 * is absent; the model has null for it.
 */
export function readRetentionPolicy(item: Item): RetentionPolicy {
  return retentionPolicyItem.decode({
    protectedBecause: null,
    protectedSince: null,
    lastCleanupAt: null,
    ...item,
  })
}
