import { z } from 'zod'

import { externalIdSchema, MAX_JSON_TEXT } from './alert.ts'
import { batchKeySchema } from './day-key.ts'
import { sha256Schema, unitIntervalSchema } from './scalars.ts'

/** The score of one alert in one batch. */
export const alertScoreSchema = batchKeySchema.extend({
  alertId: externalIdSchema,
  /** In [0, 1], a multiple of 1e-9. */
  score: unitIntervalSchema,
  modelVersion: z.string().min(1).max(128),
  /** Time that scoring this alert took, in milliseconds: the batch's time divided by its alerts. Not part of any hash. */
  latencyMs: z.number().min(0),
  /** A JSON text: the contributions, which add up to the score. */
  explainJson: z.string().max(MAX_JSON_TEXT),
  /** The content hash of the inputs that gave this score. */
  inputsHash: sha256Schema,
})
/** See {@link alertScoreSchema}. */
export type AlertScore = z.infer<typeof alertScoreSchema>
