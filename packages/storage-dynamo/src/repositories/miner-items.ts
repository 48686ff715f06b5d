import {
  blockNumberSchema,
  byDeparture,
  countSchema,
  minerDepartureSchema,
  minerPauseSchema,
  minerRegistrationSchema,
  netuidSchema,
  uidSchema,
  type Miner,
  type MinerDeparture,
  type MinerPlace,
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

const placeSchema = z.strictObject({
  netuid: integerAttribute.pipe(netuidSchema),
  uid: integerAttribute.pipe(uidSchema).nullable(),
  registeredAt: integerAttribute.pipe(blockNumberSchema).nullable(),
  blockNumber: integerAttribute.pipe(blockNumberSchema),
}) satisfies z.ZodType<MinerPlace>

/** A departure as a member of a set, `<netuid>/<uid>/<time>`: noting it again changes nothing. */
const departureMember = z.codec(
  z.string().regex(/^\d+\/\d+\/[^/]+$/, 'must be <netuid>/<uid>/<time>'),
  minerDepartureSchema,
  {
    decode: (text) => {
      const [netuid, uid, at = ''] = text.split('/')
      return { netuid: Number(netuid), uid: Number(uid), at: new Date(at) }
    },
    encode: ({ netuid, uid, at }) => `${netuid}/${uid}/${at.toISOString()}`,
  },
)

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
  place: placeSchema.exactOptional(),
  departures: z.set(departureMember).exactOptional(),
  newOutcomes: outcomeMarks.exactOptional(),
  oldOutcomes: outcomeMarks.exactOptional(),
  outcomeTurns: countAttribute,
})
type MinerRecord = z.infer<typeof minerItemSchema>

const minerItem = createItemCodec<MinerRecord>({
  name: 'miner',
  schema: minerItemSchema,
  keys: ({ hotkey, uid, lastBlock, place }) => ({
    pk: minerKey.build({ hotkey }),
    ...(uid === null ? {} : { gsi1pk: uidKey.build({ uid }) }),
    gsi1sk: blockOrder(lastBlock),
    // Conditions see the top of an item only.
    ...(place === undefined ? {} : { placeBlock: NumberValue.from(place.blockNumber) }),
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

/** What changes in an item when the chain has the miner at a place. */
export function encodePlace(
  params: Readonly<{ place: MinerPlace; coldkey: string | null; departures: readonly MinerDeparture[] }>,
): Readonly<{ set: Item; departures: ReadonlySet<string> }> {
  const { place, coldkey, departures } = params
  const { uid, blockNumber } = place
  return {
    set: {
      uid: uid === null ? null : NumberValue.from(uid),
      ...(uid === null ? {} : { gsi1pk: uidKey.build({ uid }) }),
      ...(coldkey === null ? {} : { coldkey }),
      place: z.encode(placeSchema, place),
      placeBlock: NumberValue.from(blockNumber),
    },
    departures: new Set(departures.map(encodeDeparture)),
  }
}

/** A departure as the set of an item holds it. */
export function encodeDeparture(departure: MinerDeparture): string {
  return z.encode(departureMember, departure)
}

/** Whether an attribute is the miner's to say, and therefore replaced by every registration. */
export function isRegistrationAttribute(name: string): boolean {
  return name in registrationSchema.shape || name === 'updatedAt' || name.startsWith('gsi1')
}

/** The miner of an item. @throws StorageError `corrupt_row` when it does not fit. */
export function decodeMiner(item: Item): Miner {
  const record = minerItem.decode(item)
  const { totalSamples, successCount, errorCount, consecutiveErrors, lastSampleAt, ...rest } = record
  const { newOutcomes: _new, oldOutcomes: _old, outcomeTurns: _turns, place, departures, ...miner } = rest
  return {
    ...miner,
    place: place ?? null,
    departures: [...(departures ?? [])].toSorted(byDeparture),
    statistics: { totalSamples, successCount, errorCount, consecutiveErrors, lastSampleAt },
  }
}

/** The newest outcomes that an item remembers. */
export function rememberedOutcomes(item: Item): RememberedOutcomes {
  const { newOutcomes, outcomeTurns } = minerItem.decode(item)
  return { marks: newOutcomes ?? new Set(), turns: outcomeTurns }
}
