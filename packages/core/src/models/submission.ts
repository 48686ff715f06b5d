import { z } from 'zod'

import { imageTypeSchema } from './image-type.ts'
import { hotkeySchema, instantSchema } from './scalars.ts'

/** The full hash of a git commit. */
export const commitSchema = z.string().regex(/^[0-9a-f]{40}$/, 'must be 40 lower-case hex digits')

/** Where a submission's code lies: https without credentials, or a folder of this machine where that is allowed. */
export const repositoryUrlSchema = z
  .url({ protocol: /^(?:https|file)$/, error: 'must be an https URL' })
  .max(2048)
  .refine((text) => !text.includes('@'), 'must not carry a user or a password')

/** Where a submission stands: `pending` until it was cloned and accepted once, `failed` with a reason, `disabled` by hand. */
export const submissionStatuses = ['pending', 'active', 'disabled', 'failed'] as const
/** One of {@link submissionStatuses}. */
export type SubmissionStatus = (typeof submissionStatuses)[number]

/** What a miner entered: one repository for each type of image, pinned at a commit. */
export const submissionSchema = z.strictObject({
  hotkey: hotkeySchema,
  imageType: imageTypeSchema,
  repository: repositoryUrlSchema,
  /** Pinned at registration: exactly this tree is scanned, built and run. */
  commit: commitSchema,
  status: z.enum(submissionStatuses),
  /** Why it failed, for its miner; null otherwise. */
  validationError: z.string().min(1).max(2_000).nullable(),
  registeredAt: instantSchema,
  lastUpdatedAt: instantSchema,
})
/** See {@link submissionSchema}. */
export type Submission = z.infer<typeof submissionSchema>
