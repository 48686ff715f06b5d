import {
  actorSchema,
  agentSchema,
  agentVersionSchema,
  countSchema,
  evaluationRunSchema,
  evaluationSchema,
  evaluationAttemptSchema,
  instantSchema,
} from '@subnetkit/core'
import { z } from 'zod'

const timeSchema = z.iso
  .datetime({ precision: 3, error: 'must be a time in UTC such as 2025-07-01T12:00:00.000Z' })
  .transform((text) => new Date(text))
  .pipe(instantSchema)

/** Body of a claim. */
export const claimEvaluationSchema = z.strictObject({
  claimId: actorSchema.describe('new for each claim; the same again gives the evaluation that it began'),
})

/** What is to be done, or null when nothing waits. */
export const claimedEvaluationSchema = z.strictObject({
  work: z
    .strictObject({ evaluation: evaluationSchema, version: agentVersionSchema, agent: agentSchema })
    .nullable(),
})

/** Body of a report on a run, which the path names. */
export const runReportSchema = z.strictObject({
  ...evaluationRunSchema.omit({ runId: true, evaluationId: true }).shape,
  startedAt: timeSchema,
  sandboxCreatedAt: timeSchema.nullable(),
  patchGeneratedAt: timeSchema.nullable(),
  evalStartedAt: timeSchema.nullable(),
  resultScoredAt: timeSchema.nullable(),
})

const reasonSchema = z.string().min(1).max(1_000)

/** Body of the end of an attempt. */
export const finishEvaluationSchema = z.strictObject({
  attempt: evaluationAttemptSchema,
  outcome: z.discriminatedUnion('status', [
    z.strictObject({ status: z.literal('completed') }),
    z.strictObject({ status: z.literal('error'), reason: reasonSchema }),
  ]),
})

/** What a disconnect moved. */
export const interruptedSchema = z.strictObject({
  interrupted: countSchema.describe('evaluations that were cut off'),
  reopened: countSchema.describe('those that wait again, for the next attempt'),
})
