import { z } from 'zod'

import { utcDateSchema } from '../models/scalars.ts'
import { baseContextSchema } from './base-context.ts'

/** A folder, file or URL to read from, as a person gave it. */
const sourceSchema = z.string().min(1).max(4096)

/** How a file of raw transfers is read. */
const transferFileSchema = z.strictObject({
  /** Which source column feeds which field of a transfer; fields that are not named look for their own name. */
  columnMap: z.record(z.string(), z.string()),
  timestampUnit: z.enum(['ms', 's', 'iso', 'day']),
  /** The day of step 0, for the unit `day`; null otherwise. */
  dayZero: utcDateSchema.nullable(),
  /** `drop` counts every transfer as 1, for data whose amounts give the answer away. */
  amounts: z.enum(['keep', 'drop']),
})

/** Load one day's inputs: a published snapshot, or raw transfers when `transferFile` says how to read them. */
export const amlIngestContextSchema = baseContextSchema.extend({
  source: sourceSchema,
  transferFile: transferFileSchema.nullable(),
  /** Address labels that stand in a file of their own; null when the source has them or there are none. */
  labelsSource: sourceSchema.nullable(),
  /** True loads again although the same version is there. */
  isForced: z.boolean(),
})
/** See {@link amlIngestContextSchema}. */
export type AmlIngestContext = z.infer<typeof amlIngestContextSchema>

/** Find patterns in the newest complete transfers of a day. */
export const amlDetectContextSchema = baseContextSchema.extend({
  /** True detects again although the same version is there. */
  isForced: z.boolean(),
})
/** See {@link amlDetectContextSchema}. */
export type AmlDetectContext = z.infer<typeof amlDetectContextSchema>

/** Score and rank the alerts of the newest complete inputs of a day, and score their clusters. */
export const amlScoreContextSchema = baseContextSchema.extend({
  /** True scores again although the same inputs were scored by the same models. */
  isForced: z.boolean(),
})
/** See {@link amlScoreContextSchema}. */
export type AmlScoreContext = z.infer<typeof amlScoreContextSchema>

/** The whole day: ingest, detect when the inputs are transfers, score. */
export const amlRunContextSchema = amlIngestContextSchema
/** See {@link amlRunContextSchema}. */
export type AmlRunContext = z.infer<typeof amlRunContextSchema>
