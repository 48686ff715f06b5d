import { z } from 'zod'

import { agentSchema, versionNumSchema } from './agent.ts'
import { countSchema, hotkeySchema, instantSchema, sha256Schema, uuidSchema } from './scalars.ts'

/**
 * A miner's claim of a version number for one content. It is made before anything else of an upload is stored, so that
 * whatever is stored later, by whom and how often ever, belongs to the same content.
 */
export const agentUploadSchema = z.strictObject({
  minerHotkey: hotkeySchema,
  versionNum: versionNumSchema,
  /** What the upload becomes. */
  agentId: uuidSchema,
  versionId: uuidSchema,
  /** Of the file's bytes. */
  sha256: sha256Schema,
  sizeBytes: countSchema,
  /** As this upload gave it; the agent keeps that of its first. */
  name: agentSchema.shape.name,
  /** The version's time of creation, and what limits the rate of uploads. */
  claimedAt: instantSchema,
  /** When everything that follows from it was stored; null until then. */
  completedAt: instantSchema.nullable(),
})
/** See {@link agentUploadSchema}. */
export type AgentUpload = z.infer<typeof agentUploadSchema>
