import { contentIdSchema, countSchema, sampleKeySchema, sha256Schema, type SampleKey } from '@subnetkit/core'
import { z } from 'zod'

import { bytesAttribute, integerAttribute } from '../codecs/attributes.ts'
import { createItemCodec } from '../codecs/item-codec.ts'
import { numberPart, textPart } from '../keys/key-parts.ts'
import { KEY_LIMITS, keyTemplate } from '../keys/key-template.ts'
import type { BlobHead } from './blob-parts.ts'
import { compressionTags } from './compression.ts'
import type { ConversationPayload } from './conversation-payload.ts'

/** Which conversation: the sample's key, and the sample's id, which is made of the content. */
export interface ConversationKey {
  readonly key: SampleKey
  readonly sampleId: string
}

/** The head of a stored conversation. */
export type ConversationHead = ConversationKey & Omit<ConversationPayload, 'bytes'> & BlobHead

const partitionKey = keyTemplate<{ hotkey: string; revision: string; environment: string }>(
  { hotkey: textPart('MINER'), revision: textPart('REV'), environment: textPart('ENV') },
  KEY_LIMITS.partition,
)

const sortKey = keyTemplate<{ generation: number; taskId: number; sampleId: string }>({
  generation: numberPart('GEN', 6),
  taskId: numberPart('TASK', 12),
  sampleId: textPart('ID'),
})

interface ConversationPlace {
  readonly partition: string
  /** What the sort keys of the place begin with. */
  readonly prefix: string
}

/** Where all that is stored of one conversation stands. */
export function conversationPlace({ key, sampleId }: ConversationKey): ConversationPlace {
  const { generation, taskId } = key
  return { partition: partitionOf(key), prefix: sortKey.prefix({ generation, taskId, sampleId }) }
}

/** Where the conversations of a sample's key stand, whatever the sample's id. */
export function conversationsPlace(key: SampleKey): ConversationPlace {
  const { generation, taskId } = key
  return { partition: partitionOf(key), prefix: sortKey.prefix({ generation, taskId }) }
}

function partitionOf({ minerHotkey: hotkey, modelRevision: revision, environment }: SampleKey): string {
  return partitionKey.build({ hotkey, revision, environment })
}

/** Key of the head. */
export function conversationHeadKey(conversation: ConversationKey): { pk: string; sk: string } {
  const { partition, prefix } = conversationPlace(conversation)
  return { pk: partition, sk: `${prefix}HEAD` }
}

/** What head items of conversations and of dictionaries say of their bytes. */
export const blobShape = {
  bytes: bytesAttribute.nullable(),
  partsId: z.string().regex(/^[0-9a-f]{16}$/, 'must be 16 lower-case hex digits'),
  parts: integerAttribute.pipe(countSchema),
}

/** Makes a conversation visible; see `sampleConversationsTable`. */
export const conversationHeadItem = createItemCodec<ConversationHead>({
  name: 'conversation',
  schema: z.strictObject({
    key: sampleKeySchema.extend({ generation: integerAttribute, taskId: integerAttribute }),
    sampleId: contentIdSchema,
    compression: z.enum(compressionTags),
    contentBytes: integerAttribute.pipe(countSchema),
    contentSha256: sha256Schema,
    dictionaryIds: z.array(contentIdSchema).max(2),
    dictionaryBytes: integerAttribute.pipe(countSchema),
    ...blobShape,
  }),
  keys: conversationHeadKey,
})
