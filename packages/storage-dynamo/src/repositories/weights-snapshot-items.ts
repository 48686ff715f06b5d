import { uuidSchema, weightsSnapshotSchema, type WeightsSnapshot } from '@subnetkit/core'
import { z } from 'zod'

import { floatAttribute, instantAttribute } from '../codecs/attributes.ts'
import { createItemCodec } from '../codecs/item-codec.ts'
import type { Item } from '../codecs/item.ts'
import { numberPart, textPart } from '../keys/key-parts.ts'
import { KEY_LIMITS, keyTemplate } from '../keys/key-template.ts'

/** Partition of all snapshots. */
export const SNAPSHOT_PARTITION = 'SNAPSHOTS'

const snapshotSort = keyTemplate<{ at: number; id: string }>({
  at: numberPart('AT', 15),
  id: textPart('SNAPSHOT'),
})

const placePartition = keyTemplate<{ id: string }>({ id: textPart('SNAPSHOT') }, KEY_LIMITS.partition)

const { minerWeights, timeSinceLastUpdateSeconds } = weightsSnapshotSchema.shape

/** Pairs as JSON text: names of fields would be a quarter of an item that may hold thousands of miners. */
const minerWeightsAttribute = z.codec(z.string(), minerWeights, {
  decode: (text, context) => {
    try {
      const pairs = z.array(z.tuple([z.string(), z.number()])).parse(JSON.parse(text))
      return pairs.map(([minerHotkey, weight]) => ({ minerHotkey, weight }))
    } catch (cause) {
      const message = 'must be pairs of hotkey and weight as JSON'
      context.issues.push({ code: 'custom', input: text, message, params: { cause } })
      return z.NEVER
    }
  },
  encode: (weights) => JSON.stringify(weights.map(({ minerHotkey, weight }) => [minerHotkey, weight])),
})

/** One snapshot. */
export const weightsSnapshotItem = createItemCodec<WeightsSnapshot>({
  name: 'weightsSnapshot',
  schema: z.strictObject({
    id: uuidSchema,
    timestamp: instantAttribute,
    timeSinceLastUpdateSeconds: floatAttribute.pipe(timeSinceLastUpdateSeconds.unwrap()).nullable(),
    minerWeights: minerWeightsAttribute,
  }) satisfies z.ZodType<WeightsSnapshot>,
  keys: (snapshot) => snapshotKey(snapshot),
})

/** Where a snapshot stands. */
export type SnapshotPlace = Pick<WeightsSnapshot, 'id' | 'timestamp'>

/** Finds a snapshot by its id; written once, before the snapshot, and never changed. */
export const snapshotPlaceItem = createItemCodec<SnapshotPlace>({
  name: 'weightsSnapshotPlace',
  schema: z.strictObject({
    id: uuidSchema,
    timestamp: instantAttribute,
  }) satisfies z.ZodType<SnapshotPlace>,
  keys: ({ id }) => snapshotPlaceKey(id),
})

/** The key of the item that finds a snapshot. */
export function snapshotPlaceKey(id: string): Item {
  return { pk: placePartition.build({ id }), sk: 'PLACE' }
}

/** The key of the snapshot that stands there. */
export function snapshotKey({ id, timestamp }: SnapshotPlace): Item {
  return { pk: SNAPSHOT_PARTITION, sk: snapshotSort.build({ at: timestamp.getTime(), id }) }
}
