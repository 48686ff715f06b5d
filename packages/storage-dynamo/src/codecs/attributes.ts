import { decimalSchema } from '@subnetkit/core'
import { z } from 'zod'

import { NumberValue } from './item.ts'

const numberText = /^-?(?:0|[1-9]\d*)$/

const wireNumber = z
  .instanceof(NumberValue, { error: 'must be a DynamoDB number' })
  .refine(({ value }) => numberText.test(value), 'must be a whole number')

/** `N` as a JavaScript integer; what is beyond ±(2^53 − 1) is an error in both directions, never rounded. */
export const integerAttribute = z.codec(wireNumber, z.int(), {
  decode: ({ value }) => Number(value),
  encode: (value) => NumberValue.from(value),
})

/** `N` as bigint, up to DynamoDB's 38 digits. */
export const bigintAttribute = z.codec(wireNumber, z.bigint(), {
  decode: ({ value }) => BigInt(value),
  encode: (value) => NumberValue.from(value),
})

/** A text (`S`) that may be empty: an empty one is stored as `NULL`, since DynamoDB engines from before 2020 refuse it. */
export const textAttribute = z.codec(z.string().min(1).nullable(), z.string(), {
  decode: (text) => text ?? '',
  encode: (text) => (text === '' ? null : text),
})

/** A decimal as text (`S`), since `N` would drop trailing zeros. */
export const decimalAttribute = decimalSchema

/**
 * A JavaScript float as its shortest exact text (`S`): `N` holds neither 1e300 nor 5e-324. Finite numbers only; −0
 * stays −0.
 */
export const floatAttribute = z.codec(
  z.string().regex(/^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]\d+)?$/, 'must be a number as text'),
  z.number(),
  {
    decode: Number,
    encode: (value) => (Object.is(value, -0) ? '-0' : String(value)),
  },
)

/** A point in time as ISO text in UTC with milliseconds (`S`), which sorts by time. */
export const instantAttribute = z.codec(
  z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/, 'must be an ISO time in UTC'),
  z.date(),
  { decode: (text) => new Date(text), encode: (date) => date.toISOString() },
)

/** A point in time as whole seconds since 1970 (`N`): the form that DynamoDB's own expiry reads. Rounds up. */
export const epochSecondsAttribute = z.codec(wireNumber, z.date(), {
  decode: ({ value }) => new Date(Number(value) * 1000),
  encode: (date) => NumberValue.from(Math.ceil(date.getTime() / 1000)),
})

/** Bytes (`B`). */
export const bytesAttribute = z.instanceof(Uint8Array)
