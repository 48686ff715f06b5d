import { z } from 'zod'

import { sampleKeySchema } from './sample.ts'
import { executionErrorSchema, executionOutcomes } from './sampling-task.ts'
import { actorSchema, countSchema, instantSchema } from './scalars.ts'

/** How long attempts and finished tasks can be looked up. */
export const EXECUTION_LOG_DAYS = 7

/** One attempt at a task, whatever became of it. The same attempt is logged once. */
export const executionLogSchema = z.strictObject({
  ...sampleKeySchema.shape,
  /** The attempt's number, from 1. */
  attempt: z.int().min(1),
  worker: actorSchema,
  outcome: z.enum(executionOutcomes),
  /** Null when it was scored. */
  error: executionErrorSchema.nullable(),
  score: z.number().nullable(),
  durationMs: countSchema,
  finishedAt: instantSchema,
})
/** See {@link executionLogSchema}. */
export type ExecutionLog = z.infer<typeof executionLogSchema>
