import {
  contentIdSchema,
  conversationMessageSchema,
  countSchema,
  environmentNameSchema,
  executionErrorSchema,
  instantSchema,
  nonceSchema,
  sampleKeySchema,
  samplingTaskStatuses,
} from '@subnetkit/core'
import { z } from 'zod'

/** Most tasks per claim. */
const MAX_CLAIM = 100

/** Latencies are whole milliseconds of at most a day. */
const latencySchema = z.int().min(0).max(86_400_000)
const tokenSchema = z.string().regex(/^[\x21-\x7e]{1,128}$/, 'must be the token that a claim returned')
const heldShape = { ...sampleKeySchema.shape, token: tokenSchema }
const signatureSchema = z.string().regex(/^[0-9a-f]{128}$/, 'must be 128 lower-case hex digits')
const faultShape = {
  reason: executionErrorSchema.shape.kind,
  message: executionErrorSchema.shape.message,
  latencyMs: latencySchema,
}

/** A task and the lease that the sender holds on it. */
export const heldSchema = z.strictObject(heldShape)
/** Until when the lease holds now. */
export const heartbeatReplySchema = z.strictObject({ leaseExpiresAt: instantSchema })

/** Body of a claim. */
export const claimSchema = z.strictObject({
  environment: environmentNameSchema,
  limit: z.int().min(1).max(MAX_CLAIM),
  /** New for each claim; the same again, after a lost reply, gives the same tasks again. */
  claimId: nonceSchema,
})

/** Everything that an executor needs to ask one miner one task. */
export const offeredTaskSchema = z.strictObject({
  ...sampleKeySchema.shape,
  attempt: z.int().min(1),
  leaseExpiresAt: instantSchema,
  endpoint: z.string(),
  modelName: z.string(),
  modelHash: z.string(),
  /** What to tell the miner, all of it. */
  messages: z.array(conversationMessageSchema).readonly(),
  seed: z.int(),
  temperature: z.number(),
})
/** What was claimed; all of it under one token. */
export const claimReplySchema = z.strictObject({ token: z.string(), tasks: z.array(offeredTaskSchema) })

/** Body of a submission. */
export const submitSchema = z.strictObject({
  ...heldShape,
  answer: z.string(),
  latencyMs: latencySchema,
  /** All messages before the answer, when there were more than the prompt. */
  messages: z.array(conversationMessageSchema).min(1).max(10_000).nullable().default(null),
  /** Token counts and the like. */
  usage: z
    .record(z.string().max(128), z.union([z.number(), z.string().max(1_000), z.boolean(), z.null()]))
    .refine((usage) => Object.keys(usage).length <= 100, 'must have at most 100 members')
    .default({}),
  signature: signatureSchema,
})

/** Body of a failure: the miner’s, which is signed and scored, or that of whatever lies between. */
export const failSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    ...heldShape,
    kind: z.literal('miner_fault'),
    ...faultShape,
    signature: signatureSchema,
  }),
  z.strictObject({ ...heldShape, kind: z.literal('infrastructure_fault'), ...faultShape }),
])

/** Says that a sample is stored and its task completed. */
export const storedReplySchema = z.strictObject({
  /** `superseded`: the sample of another attempt stood already, and stands. */
  outcome: z.enum(['stored', 'superseded']),
  sampleId: contentIdSchema,
  score: z.number(),
  success: z.boolean(),
  takenAt: instantSchema,
})
/** A miner’s fault is stored like an answer; any other failure puts the task back. */
export const failReplySchema = z.union([
  storedReplySchema,
  z.strictObject({
    outcome: z.literal('put_back'),
    status: z.enum(samplingTaskStatuses),
    notBefore: instantSchema,
    attempts: countSchema,
  }),
])
