import { z } from 'zod'

import { externalIdSchema, MAX_JSON_TEXT } from './alert.ts'
import { batchKeySchema } from './day-key.ts'
import { sha256Schema, unitIntervalSchema } from './scalars.ts'

/** The score of one alert cluster in one batch. */
export const clusterScoreSchema = batchKeySchema.extend({
  clusterId: externalIdSchema,
  /** In [0, 1], a multiple of 1e-9. */
  score: unitIntervalSchema,
  modelVersion: z.string().min(1).max(128),
  explainJson: z.string().max(MAX_JSON_TEXT),
  inputsHash: sha256Schema,
})
/** See {@link clusterScoreSchema}. */
export type ClusterScore = z.infer<typeof clusterScoreSchema>
