import { z } from 'zod'

import { actorSchema, hotkeySchema, instantSchema } from './scalars.ts'

/** A number used once, as its signer chose it: long enough that two signers never meet by chance. */
export const nonceSchema = z
  .string()
  .regex(/^[A-Za-z0-9_-]{16,64}$/, 'must be 16–64 letters, digits or _ - that were never used before')

/** A signed request that was let in: the same nonce of the same hotkey is not let in again before it expires. */
export const requestNonceSchema = z.strictObject({
  hotkey: hotkeySchema,
  nonce: nonceSchema,
  /**
   * Names this one try to let the request in; made by the server, never taken from the request. It tells a resend of
   * our own write from a replay.
   */
  admission: actorSchema,
  /** After the last moment at which the request's own time would still be accepted. */
  expiresAt: instantSchema,
})
/** See {@link requestNonceSchema}. */
export type RequestNonce = z.infer<typeof requestNonceSchema>
