import { z } from 'zod'

import { hotkeySchema, instantSchema, uuidSchema } from './scalars.ts'

/** A version's number within its agent, from 0; six digits are more than any agent lives to see. */
export const versionNumSchema = z.int().min(0).max(999_999)

/** A miner's agent: one for each hotkey, whatever number of versions of it were uploaded. */
export const agentSchema = z.strictObject({
  agentId: uuidSchema,
  minerHotkey: hotkeySchema,
  /** As it was given with the first upload. */
  name: z.string().min(1).max(256),
  /** Number of the newest version, as its upload said. */
  latestVersion: versionNumSchema,
  createdAt: instantSchema,
  /** Of the newest upload; what limits the rate of uploads. */
  lastUpdated: instantSchema,
})
/** See {@link agentSchema}. */
export type Agent = z.infer<typeof agentSchema>
