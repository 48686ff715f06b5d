import { z } from 'zod'

import { sampleKeySchema } from './sample.ts'
import { actorSchema, contentIdSchema, countSchema, instantSchema } from './scalars.ts'

/**
 * Where a task stands.
 *
 * `pending` waits for a worker, after a back-off until `notBefore` by the clock of whoever sweeps; `claimed` is held
 * under a lease; `completed` has its sample; `quarantined` failed too often and waits for a person; `revoked` lost its
 * reason, because the miner's model changed.
 */
export const samplingTaskStatuses = ['pending', 'claimed', 'completed', 'quarantined', 'revoked'] as const
/** One of {@link samplingTaskStatuses}. */
export type SamplingTaskStatus = (typeof samplingTaskStatuses)[number]

/** How an attempt ended: the miner earned a score, the miner failed (which is score 0), or we could not ask it. */
export const executionOutcomes = ['scored', 'miner_fault', 'infrastructure_fault'] as const
/** One of {@link executionOutcomes}. */
export type ExecutionOutcome = (typeof executionOutcomes)[number]

/** Why an attempt failed, short enough to keep. */
export const executionErrorSchema = z.strictObject({
  /** A word to count by, such as `timeout` or `connection_refused`. */
  kind: z.string().regex(/^[a-z][a-z0-9_]{0,63}$/, 'must be a lower-case word such as timeout'),
  message: z.string().max(2_000),
})
/** See {@link executionErrorSchema}. */
export type ExecutionError = z.infer<typeof executionErrorSchema>

/** Highest priority; tasks of a higher one go first. */
export const MAX_TASK_PRIORITY = 999

/** A task as its maker gives it. Making the same one again changes nothing. */
export const newSamplingTaskSchema = z.strictObject({
  ...sampleKeySchema.shape,
  /** Of the model that is to be asked; the task is void once the miner serves another. */
  modelHash: z.string().min(1).max(128),
  priority: z.int().min(0).max(MAX_TASK_PRIORITY),
  /** Attempts after which it is quarantined. */
  maxAttempts: z.int().min(1).max(100),
})
/** See {@link newSamplingTaskSchema}. */
export type NewSamplingTask = z.infer<typeof newSamplingTaskSchema>

/** Who works on a task, until when. Every change by that worker names the token. */
export const leaseSchema = z.strictObject({
  owner: actorSchema,
  token: actorSchema,
  expiresAt: instantSchema,
})
/** See {@link leaseSchema}. */
export type Lease = z.infer<typeof leaseSchema>

/** Work to be done: ask one miner one task of an environment. */
export const samplingTaskSchema = newSamplingTaskSchema.extend({
  status: z.enum(samplingTaskStatuses),
  /** Not to be claimed before; moves on with each failure. */
  notBefore: instantSchema,
  /** Claims so far that were not given back. */
  attempts: countSchema,
  lease: leaseSchema.nullable(),
  lastError: executionErrorSchema.nullable(),
  /** The sample that completed it. */
  sampleId: contentIdSchema.nullable(),
  createdAt: instantSchema,
  updatedAt: instantSchema,
})
/** See {@link samplingTaskSchema}. */
export type SamplingTask = z.infer<typeof samplingTaskSchema>
