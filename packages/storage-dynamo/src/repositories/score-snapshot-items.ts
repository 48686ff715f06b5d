import {
  blockNumberSchema,
  contentIdSchema,
  countSchema,
  MAX_SNAPSHOT_TOP,
  scoreSnapshotSchema,
  uidSchema,
  type ScoreSnapshot,
} from '@subnetkit/core'
import { z } from 'zod'

import { instantAttribute, integerAttribute } from '../codecs/attributes.ts'
import { createItemCodec } from '../codecs/item-codec.ts'
import { jsonAttribute } from '../codecs/json-attribute.ts'
import { numberPart } from '../keys/key-parts.ts'
import { keyTemplate } from '../keys/key-template.ts'
import { scoreExpiry, shareAttribute } from './miner-score-items.ts'

/** Partition of all snapshots; see `scoreSnapshotsTable` on why it may be constant. */
export const SNAPSHOT_PARTITION = 'SNAPSHOT'

/** Key of the one pointer. */
export const POINTER_KEY = { pk: 'POINTER', sk: 'LATEST' } as const

/** Sort key of the snapshot of a block. */
export const snapshotSortKey = keyTemplate<{ blockNumber: number }>({ blockNumber: numberPart('BLOCK', 12) })

const block = integerAttribute.pipe(blockNumberSchema)
const topShape = scoreSnapshotSchema.shape.top.element.shape

/** The snapshot of one block. */
export const scoreSnapshotItem = createItemCodec<ScoreSnapshot>({
  name: 'scoreSnapshot',
  schema: z.strictObject({
    ...scoreSnapshotSchema.shape,
    blockNumber: block,
    parameters: jsonAttribute.pipe(scoreSnapshotSchema.shape.parameters),
    burn: shareAttribute,
    minerCount: integerAttribute.pipe(countSchema),
    eligibleCount: integerAttribute.pipe(countSchema),
    top: z
      .array(
        z.strictObject({
          ...topShape,
          uid: integerAttribute.pipe(uidSchema).nullable(),
          rank: integerAttribute.pipe(topShape.rank),
          weight: shareAttribute,
        }),
      )
      .max(MAX_SNAPSHOT_TOP),
    calculatedAt: instantAttribute,
  }) satisfies z.ZodType<ScoreSnapshot>,
  keys: ({ blockNumber, calculatedAt }) => ({
    pk: SNAPSHOT_PARTITION,
    sk: snapshotSortKey.build({ blockNumber }),
    ttl: scoreExpiry(calculatedAt),
  }),
})

/** Which snapshot is the latest. */
export interface SnapshotPointer {
  readonly blockNumber: number
  readonly snapshotId: string
}

/** The one pointer; it has no expiry. */
export const snapshotPointerItem = createItemCodec<SnapshotPointer>({
  name: 'scoreSnapshotPointer',
  schema: z.strictObject({ blockNumber: block, snapshotId: contentIdSchema }),
  keys: () => POINTER_KEY,
})
