import { configKeySchema, type SystemConfig } from '@subnetkit/core'
import { z } from 'zod'

import {
  bigintAttribute,
  floatAttribute,
  instantAttribute,
  integerAttribute,
  textAttribute,
} from '../codecs/attributes.ts'
import { createItemCodec } from '../codecs/item-codec.ts'
import type { Item } from '../codecs/item.ts'
import { jsonAttribute } from '../codecs/json-attribute.ts'
import { numberPart, textPart } from '../keys/key-parts.ts'
import { KEY_LIMITS, keyTemplate } from '../keys/key-template.ts'

/** Digits of a version in a key: ten thousand million changes of one key. */
const VERSION_WIDTH = 10

/** Partition of the directory of keys; see `systemConfigTable` on why it may be constant. */
export const DIRECTORY_PARTITION = 'CONFIG'

/** Partition of the versions of one key, and the sort key of its directory entry. */
export const parameterKey = keyTemplate<{ key: string }>({ key: textPart('PARAM') }, KEY_LIMITS.sort)

/** Sort key of one version. */
export const versionKey = keyTemplate<{ version: number }>({ version: numberPart('V', VERSION_WIDTH) })

/** Sort key that no version comes after. */
export const LAST_VERSION = versionKey.build({ version: 10 ** VERSION_WIDTH - 1 })

const settingAttribute = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('string'),
    value: textAttribute.refine((text) => text.length <= 100_000, 'must have at most 100000 characters'),
  }),
  z.strictObject({
    type: z.literal('integer'),
    value: bigintAttribute.refine(
      (value) => BigInt.asIntN(64, value) === value,
      'must fit a signed 64-bit integer',
    ),
  }),
  z.strictObject({ type: z.literal('number'), value: floatAttribute }),
  z.strictObject({ type: z.literal('boolean'), value: z.boolean() }),
  z.strictObject({ type: z.literal('json'), value: jsonAttribute }),
])

const systemConfigItemSchema = z.strictObject({
  key: configKeySchema,
  setting: settingAttribute,
  version: integerAttribute.refine((version) => version >= 1, 'must be at least 1'),
  updatedAt: instantAttribute,
  updatedBy: z.string().min(1).max(128),
}) satisfies z.ZodType<SystemConfig>

/** One version of one key. */
export const systemConfigItem = createItemCodec<SystemConfig>({
  name: 'systemConfig',
  schema: systemConfigItemSchema,
  keys: ({ key, version }) => ({ pk: parameterKey.build({ key }), sk: versionKey.build({ version }) }),
})

/** An entry of the directory: the key exists, or its first version is about to be written. */
export interface ConfigDirectoryEntry {
  readonly key: string
}

/** One key of the directory. */
export const configDirectoryItem = createItemCodec<ConfigDirectoryEntry>({
  name: 'systemConfigKey',
  schema: z.strictObject({ key: configKeySchema }),
  keys: ({ key }): Item => ({ pk: DIRECTORY_PARTITION, sk: parameterKey.build({ key }) }),
})
