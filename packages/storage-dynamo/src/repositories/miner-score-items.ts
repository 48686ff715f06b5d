import {
  blockNumberSchema,
  contentIdSchema,
  countSchema,
  environmentNameSchema,
  environmentScoreSchema,
  minerScoreSchema,
  SCORE_RETENTION_DAYS,
  uidSchema,
  unitIntervalSchema,
  type MinerScore,
} from '@subnetkit/core'
import { z } from 'zod'

import {
  epochSecondsAttribute,
  floatAttribute,
  instantAttribute,
  integerAttribute,
} from '../codecs/attributes.ts'
import { createItemCodec } from '../codecs/item-codec.ts'
import type { NumberValue } from '../codecs/item.ts'
import { numberPart, textPart } from '../keys/key-parts.ts'
import { KEY_LIMITS, keyTemplate } from '../keys/key-template.ts'

const MS_PER_DAY = 86_400_000

/** Partition of the scores of one snapshot. */
export const scorePartition = keyTemplate<{ blockNumber: number; snapshotId: string }>(
  { blockNumber: numberPart('BLOCK', 12), snapshotId: textPart('SNAPSHOT') },
  KEY_LIMITS.partition,
)

const scoreSortKey = keyTemplate<{ minerHotkey: string }>({ minerHotkey: textPart('MINER') })

/** When scores and snapshots that were calculated then are gone. */
export function scoreExpiry(calculatedAt: Date): NumberValue {
  return z.encode(epochSecondsAttribute, new Date(calculatedAt.getTime() + SCORE_RETENTION_DAYS * MS_PER_DAY))
}

/** A share in [0, 1] as exact text. */
export const shareAttribute = floatAttribute.pipe(unitIntervalSchema)

const count = integerAttribute.pipe(countSchema)
const points = floatAttribute.pipe(minerScoreSchema.shape.points)

const environmentScoreAttribute = z.strictObject({
  score: shareAttribute,
  sampleCount: count,
  completeness: shareAttribute,
  threshold: shareAttribute,
  confidenceLower: shareAttribute,
  confidenceUpper: shareAttribute,
  isValid: environmentScoreSchema.shape.isValid,
})

/** One miner's score in one snapshot. */
export const minerScoreItem = createItemCodec<MinerScore>({
  name: 'minerScore',
  schema: z.strictObject({
    ...minerScoreSchema.shape,
    snapshotId: contentIdSchema,
    blockNumber: integerAttribute.pipe(blockNumberSchema),
    uid: integerAttribute.pipe(uidSchema).nullable(),
    firstBlock: integerAttribute.pipe(blockNumberSchema).nullable(),
    rank: integerAttribute.pipe(minerScoreSchema.shape.rank),
    points,
    weight: shareAttribute,
    averageScore: shareAttribute,
    confidenceLower: shareAttribute,
    confidenceUpper: shareAttribute,
    scoresByLayer: z.record(z.string().regex(/^[1-9]\d?$/), points),
    scoresByEnvironment: z.record(environmentNameSchema, environmentScoreAttribute),
    totalSamples: count,
    calculatedAt: instantAttribute,
  }) satisfies z.ZodType<MinerScore>,
  keys: ({ blockNumber, snapshotId, minerHotkey, calculatedAt }) => ({
    pk: scorePartition.build({ blockNumber, snapshotId }),
    sk: scoreSortKey.build({ minerHotkey }),
    ttl: scoreExpiry(calculatedAt),
  }),
})
