import { z } from 'zod'

import { agentSchema, versionNumSchema } from './agent.ts'
import { actorSchema, countSchema, hotkeySchema, instantSchema } from './scalars.ts'

/** How long attempts can be looked up. */
export const AGENT_UPLOAD_ATTEMPT_DAYS = 30

/** How an attempt at an upload ended: stored, refused by a check, or cut off by a failure on our side. */
export const agentUploadOutcomes = ['accepted', 'refused', 'failed'] as const

/** One request to upload an agent that its hotkey had signed rightly, whatever became of it. */
export const agentUploadAttemptSchema = z.strictObject({
  minerHotkey: hotkeySchema,
  /** Names this one request. */
  attemptId: actorSchema,
  at: instantSchema,
  name: agentSchema.shape.name,
  versionNum: versionNumSchema,
  sizeBytes: countSchema,
  /** The network address that the request came from: a proxy's, where one stands in front. */
  clientAddress: z.string().min(1).max(64).nullable(),
  outcome: z.enum(agentUploadOutcomes),
  /** The refusal's or failure's code, such as `invalid_code`; null when it was accepted. */
  code: z.string().min(1).max(64).nullable(),
})
/** See {@link agentUploadAttemptSchema}. */
export type AgentUploadAttempt = z.infer<typeof agentUploadAttemptSchema>
