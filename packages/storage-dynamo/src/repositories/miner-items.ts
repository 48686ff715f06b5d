import {
  blockNumberSchema,
  countSchema,
  minerPauseSchema,
  minerRegistrationSchema,
  uidSchema,
  type Miner,
  type MinerRegistration,
} from '@subnetkit/core'
import { z } from 'zod'

import { instantAttribute, integerAttribute } from '../codecs/attributes.ts'
import { createItemCodec } from '../codecs/item-codec.ts'
import { NumberValue, type Item } from '../codecs/item.ts'
import { numberPart, textPart } from '../keys/key-parts.ts'
import { KEY_LIMITS, keyTemplate } from '../keys/key-template.ts'

/** Partition of one miner. */
export const minerKey = keyTemplate<{ hotkey: string }>({ hotkey: textPart('MINER') }, KEY_LIMITS.partition)

/** Partition of the miners at one uid in the index `by-uid`. */
export const uidKey = keyTemplate<{ uid: number }>({ uid: numberPart('UID', 5) }, KEY_LIMITS.partition)

/** Where a miner without any commitment stands among those that have one. */
const NO_BLOCK = -1

const registrationSchema = z.strictObject({
  ...minerRegistrationSchema.shape,
  uid: integerAttribute.pipe(uidSchema).nullable(),
  endpointCheckedAt: instantAttribute.nullable(),
  firstBlock: integerAttribute.pipe(blockNumberSchema).nullable(),
  lastBlock: integerAttribute.pipe(blockNumberSchema).nullable(),
}) satisfies z.ZodType<MinerRegistration>

const countAttribute = integerAttribute.pipe(countSchema)
const outcomeMarks = z.set(z.string())

/**
 * A miner as its item keeps it: counters stand at the top, since only there can they be added to, beside the marks of
 * the newest outcomes.
 */
const minerItemSchema = registrationSchema.extend({
  pause: z
    .strictObject({
      ...minerPauseSchema.shape,
      since: instantAttribute,
      until: instantAttribute.nullable(),
    })
    .nullable(),
  totalSamples: countAttribute,
  successCount: countAttribute,
  errorCount: countAttribute,
  consecutiveErrors: countAttribute,
  lastSampleAt: instantAttribute.nullable(),
  updatedAt: instantAttribute,
  newOutcomes: outcomeMarks.exactOptional(),
  oldOutcomes: outcomeMarks.exactOptional(),
  outcomeTurns: countAttribute,
})
type MinerRecord = z.infer<typeof minerItemSchema>

const minerItem = createItemCodec<MinerRecord>({
  name: 'miner',
  schema: minerItemSchema,
  keys: ({ hotkey, uid, lastBlock }) => ({
    pk: minerKey.build({ hotkey }),
    ...(uid === null ? {} : { gsi1pk: uidKey.build({ uid }) }),
    gsi1sk: blockOrder(lastBlock),
  }),
})

/** Marks of outcomes that are remembered, and how often the new ones have become old ones. */
export interface RememberedOutcomes {
  readonly marks: ReadonlySet<string>
  readonly turns: number
}

/** The place of a commitment's block in the order of commitments: no commitment comes before all. */
export function blockOrder(lastBlock: number | null): NumberValue {
  return NumberValue.from(lastBlock ?? NO_BLOCK)
}

/** The attributes of a miner that was never seen before, keys included. */
export function encodeNewMiner(registration: MinerRegistration, now: Date): Item {
  return minerItem.encode({
    ...registration,
    pause: null,
    totalSamples: 0,
    successCount: 0,
    errorCount: 0,
    consecutiveErrors: 0,
    lastSampleAt: null,
    updatedAt: now,
    outcomeTurns: 0,
  })
}

/** Whether an attribute is the chain's to say, and therefore replaced by every registration. */
export function isRegistrationAttribute(name: string): boolean {
  return name in registrationSchema.shape || name === 'updatedAt' || name.startsWith('gsi1')
}

/** The miner of an item. @throws StorageError `corrupt_row` when it does not fit. */
export function decodeMiner(item: Item): Miner {
  const record = minerItem.decode(item)
  const { totalSamples, successCount, errorCount, consecutiveErrors, lastSampleAt, ...rest } = record
  const { newOutcomes: _new, oldOutcomes: _old, outcomeTurns: _turns, ...miner } = rest
  return {
    ...miner,
    statistics: { totalSamples, successCount, errorCount, consecutiveErrors, lastSampleAt },
  }
}

/** The newest outcomes that an item remembers. */
export function rememberedOutcomes(item: Item): RememberedOutcomes {
  const { newOutcomes, outcomeTurns } = minerItem.decode(item)
  return { marks: newOutcomes ?? new Set(), turns: outcomeTurns }
}
