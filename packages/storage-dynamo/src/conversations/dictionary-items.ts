import { contentIdSchema, countSchema, environmentNameSchema } from '@subnetkit/core'
import { z } from 'zod'

import { integerAttribute } from '../codecs/attributes.ts'
import { createItemCodec } from '../codecs/item-codec.ts'
import { numberPart, textPart } from '../keys/key-parts.ts'
import { keyTemplate } from '../keys/key-template.ts'
import type { BlobHead } from './blob-parts.ts'
import { blobShape } from './conversation-items.ts'

/** The head of a stored dictionary; its bytes are packed with gzip. */
export type DictionaryHead = Readonly<{ dictionaryId: string; contentBytes: number }> & BlobHead

/** Partition of one dictionary. */
export const dictionaryPartition = keyTemplate<{ dictionaryId: string }>({
  dictionaryId: textPart('DICTIONARY'),
})

/** Sort key of a dictionary's head. */
export const DICTIONARY_HEAD = 'HEAD'

/** Makes a dictionary visible; see `conversationDictionariesTable`. */
export const dictionaryHeadItem = createItemCodec<DictionaryHead>({
  name: 'dictionary',
  schema: z.strictObject({
    dictionaryId: contentIdSchema,
    contentBytes: integerAttribute.pipe(countSchema),
    ...blobShape,
  }),
  keys: ({ dictionaryId }) => ({ pk: dictionaryPartition.build({ dictionaryId }), sk: DICTIONARY_HEAD }),
})

/** Which dictionary an environment's conversations are packed with, from one learning to the next. */
export type GeneralDictionary = Readonly<{ environment: string; version: number; dictionaryId: string }>

/** Partition of an environment's general dictionaries. */
export const generalPartition = keyTemplate<{ environment: string }>({ environment: textPart('ENV') })

const versionSort = keyTemplate<{ version: number }>({ version: numberPart('GENERAL', 6) })

/** One learning of one environment. */
export const generalDictionaryItem = createItemCodec<GeneralDictionary>({
  name: 'generalDictionary',
  schema: z.strictObject({
    environment: environmentNameSchema,
    version: integerAttribute.pipe(z.int().min(1)),
    dictionaryId: contentIdSchema,
  }),
  keys: ({ environment, version }) => ({
    pk: generalPartition.build({ environment }),
    sk: versionSort.build({ version }),
  }),
})
