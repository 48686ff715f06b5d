import { z } from 'zod'

import { evaluationAttemptSchema } from './evaluation.ts'
import { environmentNameSchema, instantSchema, uuidSchema } from './scalars.ts'

/** Every state of a run; the last two are final. `rules/evaluation-run-rules.ts` says which follows which. */
export const evaluationRunStatuses = [
  'started',
  'sandbox_created',
  'patch_generated',
  'eval_started',
  'result_scored',
  /** Its attempt was interrupted; it says nothing about the agent. */
  'cancelled',
] as const
/** One of {@link evaluationRunStatuses}. */
export type EvaluationRunStatus = (typeof evaluationRunStatuses)[number]

/** Most characters of a patch or an error: an item and a row hold them; logs belong elsewhere. */
export const MAX_RUN_TEXT = 100_000

const testNamesSchema = z.array(z.string().min(1).max(1_000)).max(10_000)
const runTextSchema = z.string().min(1).max(MAX_RUN_TEXT)

/** One problem of an evaluation, tried once in one attempt. */
export const evaluationRunSchema = z.strictObject({
  /** Made by the validator. */
  runId: uuidSchema,
  evaluationId: uuidSchema,
  attempt: evaluationAttemptSchema,
  /** The problem's name in SWE-bench. */
  swebenchInstanceId: environmentNameSchema,
  status: z.enum(evaluationRunStatuses),
  /** The patch; null also for an empty one. */
  response: runTextSchema.nullable(),
  error: runTextSchema.nullable(),
  /** Names of tests by what they did before and after the patch; empty until it is scored. */
  passToFailSuccess: testNamesSchema,
  failToPassSuccess: testNamesSchema,
  passToPassSuccess: testNamesSchema,
  failToFailSuccess: testNamesSchema,
  /** Null until it is scored. */
  solved: z.boolean().nullable(),
  startedAt: instantSchema,
  sandboxCreatedAt: instantSchema.nullable(),
  patchGeneratedAt: instantSchema.nullable(),
  evalStartedAt: instantSchema.nullable(),
  resultScoredAt: instantSchema.nullable(),
})
/** See {@link evaluationRunSchema}. */
export type EvaluationRun = z.infer<typeof evaluationRunSchema>
