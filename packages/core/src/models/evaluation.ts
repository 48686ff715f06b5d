import { z } from 'zod'

import { hotkeySchema, instantSchema, unitIntervalSchema, uuidSchema } from './scalars.ts'

/** Every state of an evaluation, in all stores and answers; `rules/evaluation-rules.ts` says which follows which. */
export const evaluationStatuses = [
  /** In its validator's queue. */
  'waiting',
  'running',
  'completed',
  /** The validator gave up on it. */
  'error',
  /** It ran too long. */
  'timedout',
  /** Its validator went away. */
  'disconnected',
  /** A newer version of the agent came before it was begun. */
  'replaced',
  /** Somebody called it off before it was begun. */
  'cancelled',
] as const
/** One of {@link evaluationStatuses}. */
export type EvaluationStatus = (typeof evaluationStatuses)[number]

/** How many times an evaluation is begun before an interruption is its end. */
export const MAX_EVALUATION_ATTEMPTS = 3

/** The number of a try at an evaluation, from 1. What a validator reports must name the one that it works on. */
export const evaluationAttemptSchema = z.int().min(1).max(MAX_EVALUATION_ATTEMPTS)

/** One version judged by one validator. */
export const evaluationSchema = z.strictObject({
  evaluationId: uuidSchema,
  versionId: uuidSchema,
  validatorHotkey: hotkeySchema,
  status: z.enum(evaluationStatuses),
  attempt: evaluationAttemptSchema,
  /** Why it ended otherwise than completed; null while it has not. */
  terminatedReason: z.string().min(1).max(1_000).nullable(),
  /** Its place in the queue. */
  createdAt: instantSchema,
  /** Of this attempt. */
  startedAt: instantSchema.nullable(),
  finishedAt: instantSchema.nullable(),
  /** Share of the attempt's problems that were solved; null until it is known. */
  score: unitIntervalSchema.nullable(),
})
/** See {@link evaluationSchema}. */
export type Evaluation = z.infer<typeof evaluationSchema>
