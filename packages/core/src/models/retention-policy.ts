import { z } from 'zod'

import { hotkeySchema, instantSchema, modelRevisionSchema } from './scalars.ts'

/** Whether the samples of one model outlive the usual term, and since when and why. */
export const retentionPolicySchema = z.strictObject({
  minerHotkey: hotkeySchema,
  modelRevision: modelRevisionSchema,
  /** Why it is kept, such as `rank 2 at block 5000000`; null when it is not protected. */
  protectedBecause: z.string().min(1).max(256).nullable(),
  protectedSince: instantSchema.nullable(),
  lastCleanupAt: instantSchema.nullable(),
  updatedAt: instantSchema,
})
/** See {@link retentionPolicySchema}. */
export type RetentionPolicy = z.infer<typeof retentionPolicySchema>
