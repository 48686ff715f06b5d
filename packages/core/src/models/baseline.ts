import { z } from 'zod'

import { imageTypeSchema } from './image-type.ts'
import { hotkeySchema, instantSchema, uuidSchema } from './scalars.ts'
import { commitSchema, repositoryUrlSchema } from './submission.ts'

/** Where a baseline stands. The active one is that with status `active` that was activated last. */
export const baselineStatuses = ['building', 'active', 'deprecated', 'failed'] as const
/** One of {@link baselineStatuses}. */
export type BaselineStatus = (typeof baselineStatuses)[number]

/** A version of what miners have to beat: somebody's repository at a commit. */
export const baselineSchema = z.strictObject({
  /** Derived from type and version. */
  baselineId: uuidSchema,
  imageType: imageTypeSchema,
  version: z.string().regex(/^v\d{1,6}\.\d{1,6}\.\d{1,6}$/, 'must be like v1.2.0'),
  repository: repositoryUrlSchema,
  commit: commitSchema,
  /** The tournament and miner that it came from; both null for one that was seeded by hand. */
  originatedFromTournamentId: uuidSchema.nullable(),
  originatedFromHotkey: hotkeySchema.nullable(),
  status: z.enum(baselineStatuses),
  errorMessage: z.string().min(1).max(2_000).nullable(),
  createdAt: instantSchema,
  activatedAt: instantSchema.nullable(),
  deprecatedAt: instantSchema.nullable(),
})
/** See {@link baselineSchema}. */
export type Baseline = z.infer<typeof baselineSchema>
