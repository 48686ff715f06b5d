import { banSchema, type Ban, type BannedKey } from '@subnetkit/core'
import { z } from 'zod'

import { instantAttribute, integerAttribute } from '../codecs/attributes.ts'
import { createItemCodec } from '../codecs/item-codec.ts'
import { numberPart, textPart } from '../keys/key-parts.ts'
import { KEY_LIMITS, keyTemplate } from '../keys/key-template.ts'

const partitions = {
  hotkey: keyTemplate<{ address: string }>({ address: textPart('HOTKEY') }, KEY_LIMITS.partition),
  coldkey: keyTemplate<{ address: string }>({ address: textPart('COLDKEY') }, KEY_LIMITS.partition),
}
const numberKey = keyTemplate<{ banNum: number }>({ banNum: numberPart('BAN', 6) })

/** Partition of the bans of one key. */
export function banPartition({ subject, address }: BannedKey): string {
  return partitions[subject].build({ address })
}

/** One ban. */
export const banItem = createItemCodec<Ban>({
  name: 'ban',
  schema: z.strictObject({
    ...banSchema.shape,
    banNum: integerAttribute.pipe(banSchema.shape.banNum),
    since: instantAttribute,
    liftedAt: instantAttribute.nullable(),
  }) satisfies z.ZodType<Ban>,
  keys: (ban) => ({ pk: banPartition(ban), sk: numberKey.build(ban) }),
})
