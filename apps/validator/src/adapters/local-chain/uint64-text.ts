import { uint64Schema } from '@subnetkit/core'
import { z } from 'zod'

/** Up to 2⁶⁴ − 1 as decimal text in a file, a bigint in memory: JSON has no number that holds it. */
export const uint64Text = z.codec(z.string().regex(/^\d{1,20}$/), uint64Schema, {
  decode: (text) => BigInt(text),
  encode: (value) => value.toString(),
})
