import { z } from 'zod'

import {
  blockNumberSchema,
  contentIdSchema,
  countSchema,
  environmentNameSchema,
  generationSchema,
  hotkeySchema,
  instantSchema,
  modelRevisionSchema,
  sha256Schema,
  taskIdSchema,
  uidSchema,
} from './scalars.ts'

/** A set of samples that are read together: one miner's model on one environment. */
export const sampleScopeSchema = z.strictObject({
  minerHotkey: hotkeySchema,
  modelRevision: modelRevisionSchema,
  environment: environmentNameSchema,
})
/** See {@link sampleScopeSchema}. */
export type SampleScope = z.infer<typeof sampleScopeSchema>

/** One task asked of one model, in one generation: at most one sample exists for it, and it is never overwritten. */
export const sampleKeySchema = sampleScopeSchema.extend({
  generation: generationSchema,
  taskId: taskIdSchema,
})
/** See {@link sampleKeySchema}. */
export type SampleKey = z.infer<typeof sampleKeySchema>

/** A sample as its writer gives it; see {@link sampleSchema}. */
export const newSampleSchema = sampleKeySchema.extend({
  /** Where the miner stood when it answered; null when that is not known any more. */
  uid: uidSchema.nullable(),
  modelName: z.string().min(1).max(256),
  /** Identity of the model's weights, as the validator found it; tasks are revoked when it changes. */
  modelHash: z.string().min(1).max(128),
  /** Part of the environment that the task belongs to. */
  subset: z.string().min(1).max(128),
  /** The task's place in the data set that it was made from. */
  datasetIndex: countSchema,
  /** The environment's verdict in the environment's own range, mostly [0, 1]. */
  score: z.number().min(-1_000_000).max(1_000_000),
  /** Whether the environment took the answer as solving the task. */
  success: z.boolean(),
  latencyMs: countSchema,
  takenAt: instantSchema,
  validatorHotkey: hotkeySchema,
  blockNumber: blockNumberSchema,
  /** The executor's signature in hex; null when the validator took the sample itself. */
  signature: z
    .string()
    .regex(/^(?:[0-9a-f]{2}){1,256}$/, 'must be lower-case hex')
    .nullable(),
})
/** See {@link newSampleSchema}. */
export type NewSample = z.infer<typeof newSampleSchema>

/**
 * One answer of one miner to one task, without what was said: conversations are kept apart, so that reading a
 * thousand samples never touches them.
 */
export const sampleSchema = newSampleSchema.extend({
  /** Derived from the key and the conversation: the same sample again has the same id. */
  sampleId: contentIdSchema,
  /** Of the conversation's canonical JSON. */
  conversationSha256: sha256Schema,
  /** Length of that JSON in bytes. */
  conversationBytes: countSchema,
})
/** See {@link sampleSchema}. */
export type Sample = z.infer<typeof sampleSchema>
