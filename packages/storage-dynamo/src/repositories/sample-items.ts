import {
  blockNumberSchema,
  contentIdSchema,
  countSchema,
  environmentNameSchema,
  generationSchema,
  hotkeySchema,
  modelRevisionSchema,
  sampleSchema,
  sha256Schema,
  taskIdSchema,
  uidSchema,
  type GenerationRange,
  type Sample,
  type SampleKey,
  type SampleScope,
} from '@subnetkit/core'
import { z } from 'zod'

import { floatAttribute, instantAttribute, integerAttribute } from '../codecs/attributes.ts'
import { createItemCodec } from '../codecs/item-codec.ts'
import type { Item } from '../codecs/item.ts'
import { numberPart, textPart } from '../keys/key-parts.ts'
import { KEY_LIMITS, keyTemplate } from '../keys/key-template.ts'
import type { SortRange } from '../requests/query-items.ts'

const GENERATION_DIGITS = 6
const TASK_ID_DIGITS = 12
const LAST_TASK_ID = 10 ** TASK_ID_DIGITS - 1

const partitionTemplate = keyTemplate<SampleScope>(
  { minerHotkey: textPart('MINER'), modelRevision: textPart('REV'), environment: textPart('ENV') },
  KEY_LIMITS.partition,
)

const sortTemplate = keyTemplate<{ generation: number; taskId: number }>({
  generation: numberPart('GEN', GENERATION_DIGITS),
  taskId: numberPart('TASK', TASK_ID_DIGITS),
})

/** Partition of the samples of one miner's model on one environment. */
export function samplePartition(scope: SampleScope): string {
  return partitionTemplate.build(scope)
}

/** The key attributes of one sample. */
export function sampleItemKey(key: SampleKey): { pk: string; sk: string } {
  return { pk: samplePartition(key), sk: sortTemplate.build(key) }
}

/** The part of a partition that holds some generations. */
export function sampleSortRange(range: GenerationRange): SortRange {
  return {
    from: sortTemplate.build({ generation: range.fromGeneration, taskId: 0 }),
    to: sortTemplate.build({ generation: range.toGeneration, taskId: LAST_TASK_ID }),
  }
}

const { shape } = sampleSchema
const countAttribute = integerAttribute.pipe(countSchema)

const sampleItemSchema = z.strictObject({
  minerHotkey: hotkeySchema,
  modelRevision: modelRevisionSchema,
  environment: environmentNameSchema,
  generation: integerAttribute.pipe(generationSchema),
  taskId: integerAttribute.pipe(taskIdSchema),
  uid: integerAttribute.pipe(uidSchema).nullable(),
  modelName: shape.modelName,
  modelHash: shape.modelHash,
  subset: shape.subset,
  datasetIndex: countAttribute,
  score: floatAttribute.pipe(shape.score),
  success: shape.success,
  latencyMs: countAttribute,
  takenAt: instantAttribute,
  validatorHotkey: hotkeySchema,
  blockNumber: integerAttribute.pipe(blockNumberSchema),
  signature: shape.signature,
  sampleId: contentIdSchema,
  conversationSha256: sha256Schema,
  conversationBytes: countAttribute,
}) satisfies z.ZodType<Sample>

/** One sample without its conversation. */
export const sampleItem = createItemCodec<Sample>({
  name: 'sample',
  schema: sampleItemSchema,
  keys: (sample): Item => sampleItemKey(sample),
})
