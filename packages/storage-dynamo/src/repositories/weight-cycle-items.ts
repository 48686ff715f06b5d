import { deflateRawSync, inflateRawSync } from 'node:zlib'

import {
  blockNumberSchema,
  contentIdSchema,
  countSchema,
  cycleWeightSchema,
  type CycleScope,
  MAX_WEIGHTS,
  netuidSchema,
  uint64Schema,
  type WeightCycle,
  summariseWeightCycle,
  weightCycleSchema,
  type WeightCycleSummary,
  weightCycleSummarySchema,
  weightCycleStepSchema,
} from '@subnetkit/core'
import { z } from 'zod'

import { bigintAttribute, instantAttribute, integerAttribute } from '../codecs/attributes.ts'
import { createItemCodec, type ItemCodec } from '../codecs/item-codec.ts'
import type { Item } from '../codecs/item.ts'
import { numberPart, textPart } from '../keys/key-parts.ts'
import { KEY_LIMITS, keyTemplate } from '../keys/key-template.ts'
import { shareAttribute } from './miner-score-items.ts'

/** Larger than any vector of weights as JSON: what inflates to more was not written here. */
const MAX_WEIGHTS_BYTES = 16 * 1024 * 1024

/** Partition of the cycles of one validator on one subnet. */
export const cyclePartition = keyTemplate<{ netuid: number; validatorHotkey: string }>(
  { netuid: numberPart('NET', 5), validatorHotkey: textPart('VALIDATOR') },
  KEY_LIMITS.partition,
)

/** Place of a cycle among them: by its making, then by its id. */
const cycleSort = keyTemplate<{ at: number; cycleId: string }>({
  at: numberPart('AT', 15),
  cycleId: textPart('CYCLE'),
})

const timeSort = keyTemplate<{ at: number }>({ at: numberPart('AT', 15) })

const placePartition = keyTemplate<{ netuid: number; validatorHotkey: string; cycleId: string }>(
  { netuid: numberPart('NET', 5), validatorHotkey: textPart('VALIDATOR'), cycleId: textPart('CYCLE') },
  KEY_LIMITS.partition,
)

const PLACE_SORT = 'PLACE'

/** The bounds of cycles made in [from, to): sort keys of that very time come after the first and after the second. */
export function timeBounds({ from, to }: Readonly<{ from?: Date; to?: Date }>): { from: string; to: string } {
  return {
    from: timeSort.build({ at: from?.getTime() ?? 0 }),
    to: to === undefined ? timeSort.build({ at: 999_999_999_999_999 }) : timeSort.build({ at: to.getTime() }),
  }
}

const block = integerAttribute.pipe(blockNumberSchema)

/** The vector as deflated JSON: hundreds of hotkeys in one attribute, which nothing looks into. */
const weightsAttribute = z.codec(z.instanceof(Uint8Array), z.array(cycleWeightSchema).max(MAX_WEIGHTS), {
  decode: (bytes, context) => {
    try {
      const text = inflateRawSync(bytes, { maxOutputLength: MAX_WEIGHTS_BYTES }).toString('utf8')
      return z.array(cycleWeightSchema).parse(JSON.parse(text))
    } catch (cause) {
      context.issues.push({
        code: 'custom',
        input: bytes,
        message: 'must be deflated weights',
        params: { cause },
      })
      return z.NEVER
    }
  },
  encode: (weights) => new Uint8Array(deflateRawSync(JSON.stringify(weights))),
})

const miners = integerAttribute.pipe(weightCycleSummarySchema.shape.weightedMiners)

/** What is stored of a cycle beside its vector and their number. */
const attributes = {
  ...weightCycleSchema.omit({ weights: true }).shape,
  netuid: integerAttribute.pipe(netuidSchema),
  blockNumber: block,
  snapshotBlock: block,
  burn: shareAttribute,
  attempts: integerAttribute.pipe(countSchema),
  versionKey: bigintAttribute.pipe(uint64Schema),
  inclusionBlock: block.nullable(),
  revealBlock: block.nullable(),
  effectiveBlock: block.nullable(),
  steps: z
    .array(
      z.strictObject({ ...weightCycleStepSchema.shape, at: instantAttribute, blockNumber: block.nullable() }),
    )
    .min(1)
    .max(1_000),
  createdAt: instantAttribute,
  updatedAt: instantAttribute,
}

/** A cycle with the number of miners that have weight; items from before it was kept lack it. */
interface StoredCycle extends WeightCycle {
  readonly weightedMiners?: number
}

const storedCycleItem = createItemCodec<StoredCycle>({
  name: 'weightCycle',
  schema: z.strictObject({
    ...attributes,
    weights: weightsAttribute,
    weightedMiners: miners.exactOptional(),
  }) satisfies z.ZodType<StoredCycle>,
  keys: (cycle) => cycleKey(cycle),
})

/** One cycle. */
export const weightCycleItem: ItemCodec<WeightCycle> = {
  name: storedCycleItem.name,
  encode: (cycle) => {
    const { weightedMiners } = summariseWeightCycle(cycle)
    return storedCycleItem.encode({ ...cycle, weightedMiners })
  },
  decode: (item) => {
    const { weightedMiners: _counted, ...cycle } = storedCycleItem.decode(item)
    return cycle
  },
}

/** One cycle as lists show it: read from {@link summaryAttributes} of its item. */
export const weightCycleSummaryItem = createItemCodec<WeightCycleSummary>({
  name: 'weightCycle',
  schema: z.strictObject({
    ...attributes,
    weightedMiners: miners,
  }) satisfies z.ZodType<WeightCycleSummary>,
  keys: (cycle) => cycleKey(cycle),
})

/** All attributes of a cycle's item but its vector of weights. */
export const summaryAttributes: readonly string[] = ['pk', 'sk', 'weightedMiners', ...Object.keys(attributes)]

/** Where a cycle stands among its validator's. */
export interface CyclePlace extends CycleScope {
  readonly cycleId: string
  readonly createdAt: Date
}

/** Finds a cycle by its id; written once, before the cycle, and never changed. */
export const cyclePlaceItem = createItemCodec<CyclePlace>({
  name: 'weightCyclePlace',
  schema: z.strictObject({
    netuid: integerAttribute.pipe(netuidSchema),
    validatorHotkey: weightCycleSchema.shape.validatorHotkey,
    cycleId: contentIdSchema,
    createdAt: instantAttribute,
  }) satisfies z.ZodType<CyclePlace>,
  keys: (place) => cyclePlaceKey(place),
})

/** The key of the item that finds a cycle. */
export function cyclePlaceKey(place: Omit<CyclePlace, 'createdAt'>): Item {
  return { pk: placePartition.build(place), sk: PLACE_SORT }
}

/** The key of the cycle that stands there. */
export function cycleKey(place: CyclePlace): Item {
  const { cycleId, createdAt } = place
  return { pk: cyclePartition.build(place), sk: cycleSort.build({ at: createdAt.getTime(), cycleId }) }
}
