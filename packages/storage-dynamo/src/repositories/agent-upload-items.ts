import { agentUploadSchema, countSchema, versionNumSchema, type AgentUpload } from '@subnetkit/core'
import { z } from 'zod'

import { instantAttribute, integerAttribute } from '../codecs/attributes.ts'
import { createItemCodec } from '../codecs/item-codec.ts'
import { numberPart, textPart } from '../keys/key-parts.ts'
import { KEY_LIMITS, keyTemplate } from '../keys/key-template.ts'

/** Partition of one hotkey's uploads. */
export const agentUploadPartition = keyTemplate<{ minerHotkey: string }>(
  { minerHotkey: textPart('HOTKEY') },
  KEY_LIMITS.partition,
)

const numberKey = keyTemplate<{ versionNum: number }>({ versionNum: numberPart('VERSION', 6) })

/** The key of one upload. */
export function agentUploadKey(place: Pick<AgentUpload, 'minerHotkey' | 'versionNum'>): {
  pk: string
  sk: string
} {
  const { minerHotkey, versionNum } = place
  return { pk: agentUploadPartition.build({ minerHotkey }), sk: numberKey.build({ versionNum }) }
}

/** One upload. */
export const agentUploadItem = createItemCodec<AgentUpload>({
  name: 'agentUpload',
  schema: z.strictObject({
    ...agentUploadSchema.shape,
    versionNum: integerAttribute.pipe(versionNumSchema),
    sizeBytes: integerAttribute.pipe(countSchema),
    claimedAt: instantAttribute,
    completedAt: instantAttribute.nullable(),
  }) satisfies z.ZodType<AgentUpload>,
  keys: agentUploadKey,
})
