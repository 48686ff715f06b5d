import { z } from 'zod'

import { instantSchema } from './scalars.ts'

/** A configuration key: dotted lower-case words, for example `sampling.rotation.enabled`. */
export const configKeySchema = z
  .string()
  .regex(
    /^[a-z][a-z0-9_]*(?:\.[a-z0-9_]+){0,7}$/,
    'must be dotted lower-case words such as sampling.batch_size',
  )
  .max(128)

/** A JSON value; numbers are finite. */
export type JsonValue =
  string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue }

/** A configuration value with its type said, so that `"1"`, `1` and `true` stay what they were. */
export const configValueSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('string'), value: z.string().max(100_000) }),
  /** 64-bit signed, exact. */
  z.strictObject({
    type: z.literal('integer'),
    value: z.bigint().min(-9_223_372_036_854_775_808n).max(9_223_372_036_854_775_807n),
  }),
  z.strictObject({ type: z.literal('number'), value: z.number() }),
  z.strictObject({ type: z.literal('boolean'), value: z.boolean() }),
  z.strictObject({ type: z.literal('json'), value: z.json() }),
])
/** See {@link configValueSchema}. */
export type ConfigValue = z.infer<typeof configValueSchema>

/** One version of one configuration key. Versions count from 1 without gaps; history is never rewritten. */
export const systemConfigSchema = z.strictObject({
  key: configKeySchema,
  setting: configValueSchema,
  version: z.int().min(1),
  updatedAt: instantSchema,
  updatedBy: z.string().min(1).max(128),
})
/** See {@link systemConfigSchema}. */
export type SystemConfig = z.infer<typeof systemConfigSchema>
