import { MAX_ADDRESS_LENGTH, unitIntervalSchema } from '@subnetkit/core'
import { z } from 'zod'

/** One row of a submission's risk scores; nothing in it is trusted. The score is read to 1e-9. */
export const reportedScoreSchema = z.strictObject({
  address: z.string().min(1).max(MAX_ADDRESS_LENGTH),
  risk_score: unitIntervalSchema,
  model_version: z.string().max(128).optional(),
})
