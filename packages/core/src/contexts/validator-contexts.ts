import { z } from 'zod'

import {
  environmentNameSchema,
  generationSchema,
  hotkeySchema,
  modelRevisionSchema,
  netuidSchema,
  taskIdSchema,
} from '../models/scalars.ts'
import { configKeySchema } from '../models/system-config.ts'
import { baseContextSchema } from './base-context.ts'

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
  environment: environmentNameSchema,
})
/** See {@link samplingContextSchema}. */
export type SamplingContext = z.infer<typeof samplingContextSchema>

/** One sample to take: which miner's model, at which revision, on which task of the environment. */
export const sampleContextSchema = samplingContextSchema.extend({
  minerHotkey: hotkeySchema,
  modelRevision: modelRevisionSchema,
  generation: generationSchema,
  taskId: taskIdSchema,
})
/** See {@link sampleContextSchema}. */
export type SampleContext = z.infer<typeof sampleContextSchema>

/** A round of sampling: what is missing is scheduled and taken, until all is there or for ever. */
export const sampleRoundContextSchema = validatorContextSchema.extend({
  /** Names of environments; empty for all that are configured. */
  environments: z.array(environmentNameSchema).max(1_000),
  /** Tasks at work at once in this process. */
  workers: z.int().min(1).max(1_024),
  /** Most of them for one miner; null for what is configured. */
  perMiner: z.int().min(1).max(1_000).nullable(),
  /** Samples to take at most; null for all that are missing. */
  limit: z.int().min(1).nullable(),
  /** Goes on for ever. */
  isWatching: z.boolean(),
})
/** See {@link sampleRoundContextSchema}. */
export type SampleRoundContext = z.infer<typeof sampleRoundContextSchema>
