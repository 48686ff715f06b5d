import { z } from 'zod'

import { hotkeySchema } from '../models/scalars.ts'
import { configKeySchema } from '../models/system-config.ts'
import { baseContextSchema } from './base-context.ts'

/** A subnet's number on chain. */
const netuidSchema = z.int().min(0).max(65_535)

/** Tasks that a validator does on its subnet. */
export const validatorContextSchema = baseContextSchema.extend({
  netuid: netuidSchema,
  validatorHotkey: hotkeySchema,
})
/** See {@link validatorContextSchema}. */
export type ValidatorContext = z.infer<typeof validatorContextSchema>

/** Apply system configuration. An empty list means every key. */
export const validatorConfigContextSchema = validatorContextSchema.extend({
  keys: z.array(configKeySchema).max(1_000),
})
/** See {@link validatorConfigContextSchema}. */
export type ValidatorConfigContext = z.infer<typeof validatorConfigContextSchema>

/** The base of everything about samples: one environment, whose name may hold `:` and `/` but no space. */
export const samplingContextSchema = validatorContextSchema.extend({
  environment: z
    .string()
    .regex(/^[\x21-\x7e]{1,128}$/, 'must be 1–128 visible ASCII characters without spaces'),
})
/** See {@link samplingContextSchema}. */
export type SamplingContext = z.infer<typeof samplingContextSchema>

/** One sample to take: which miner's model, at which revision, on which task of the environment. */
export const sampleContextSchema = samplingContextSchema.extend({
  minerHotkey: hotkeySchema,
  modelRevision: z.string().regex(/^[A-Za-z0-9._-]{1,128}$/, 'must be 1–128 letters, digits or . _ -'),
  /** The task's number within the environment's data set. */
  taskId: z
    .int()
    .min(0)
    .max(2 ** 31 - 1),
})
/** See {@link sampleContextSchema}. */
export type SampleContext = z.infer<typeof sampleContextSchema>
