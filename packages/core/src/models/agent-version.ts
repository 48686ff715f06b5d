import { z } from 'zod'

import { versionNumSchema } from './agent.ts'
import { instantSchema, unitIntervalSchema, uuidSchema } from './scalars.ts'

/** One upload of an agent. */
export const agentVersionSchema = z.strictObject({
  versionId: uuidSchema,
  agentId: uuidSchema,
  versionNum: versionNumSchema,
  createdAt: instantSchema,
  /** Share of problems solved; null until an evaluation of it is completed. */
  score: unitIntervalSchema.nullable(),
})
/** See {@link agentVersionSchema}. */
export type AgentVersion = z.infer<typeof agentVersionSchema>
