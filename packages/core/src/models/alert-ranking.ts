import { z } from 'zod'

import { externalIdSchema } from './alert.ts'
import { batchKeySchema } from './day-key.ts'
import { sha256Schema, unitIntervalSchema } from './scalars.ts'

/** The place of one alert in one batch: 1 is the most urgent, ranks are a permutation of 1…n. */
export const alertRankingSchema = batchKeySchema.extend({
  alertId: externalIdSchema,
  rank: z.int().min(1),
  /** The value by which the alert was ranked, in [0, 1]. */
  score: unitIntervalSchema,
  modelVersion: z.string().min(1).max(128),
  inputsHash: sha256Schema,
})
/** See {@link alertRankingSchema}. */
export type AlertRanking = z.infer<typeof alertRankingSchema>
