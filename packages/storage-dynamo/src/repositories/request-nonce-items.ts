import { actorSchema, hotkeySchema, nonceSchema, type RequestNonce } from '@subnetkit/core'
import { z } from 'zod'

import { epochSecondsAttribute, instantAttribute } from '../codecs/attributes.ts'
import { createItemCodec } from '../codecs/item-codec.ts'
import { textPart } from '../keys/key-parts.ts'
import { KEY_LIMITS, keyTemplate } from '../keys/key-template.ts'

const nonceKey = keyTemplate<{ hotkey: string; nonce: string }>(
  { hotkey: textPart('HOTKEY'), nonce: textPart('NONCE') },
  KEY_LIMITS.partition,
)

/** One nonce that was taken. */
export const requestNonceItem = createItemCodec<RequestNonce>({
  name: 'requestNonce',
  schema: z.strictObject({
    hotkey: hotkeySchema,
    nonce: nonceSchema,
    admission: actorSchema,
    expiresAt: instantAttribute,
  }) satisfies z.ZodType<RequestNonce>,
  keys: ({ hotkey, nonce, expiresAt }) => ({
    pk: nonceKey.build({ hotkey, nonce }),
    ttl: z.encode(epochSecondsAttribute, expiresAt),
  }),
})
