import { z } from 'zod'

import { batchKeySchema } from './day-key.ts'
import { contentIdSchema, countSchema, instantSchema, sha256Schema } from './scalars.ts'

/** PROCESSING → COMPLETED or FAILED, with the numbers under which stores keep them. */
export const batchStatusNumbers = { PROCESSING: 1, COMPLETED: 2, FAILED: 3 } as const

/** See {@link batchStatusNumbers}. */
export const batchStatusSchema = z.enum(['PROCESSING', 'COMPLETED', 'FAILED'])
/** One of PROCESSING, COMPLETED, FAILED. */
export type BatchStatus = z.infer<typeof batchStatusSchema>

/**
 * One attempt at scoring one version of a day's inputs with one set of models. The batch id is derived from the inputs'
 * hash and the model versions; a further attempt at the same batch has the next number, so that a failed or running
 * attempt never hides a completed one.
 */
export const batchSchema = batchKeySchema.extend({
  attempt: z.int().min(1),
  snapshotId: contentIdSchema,
  inputsHash: sha256Schema,
  /** Content hash of scores, ranks and cluster scores, whatever their order; null until COMPLETED. */
  resultsHash: sha256Schema.nullable(),
  status: batchStatusSchema,
  startedAt: instantSchema,
  /** When the attempt ended; while PROCESSING, when it last changed. */
  processedAt: instantSchema,
  inputCountsAlerts: countSchema,
  inputCountsFeatures: countSchema,
  inputCountsClusters: countSchema,
  outputCountsAlertScores: countSchema,
  outputCountsAlertRankings: countSchema,
  outputCountsClusterScores: countSchema,
  latenciesMsAlertScoring: countSchema,
  latenciesMsAlertRanking: countSchema,
  latenciesMsClusterScoring: countSchema,
  latenciesMsTotal: countSchema,
  modelVersionsAlertScorer: z.string().max(128),
  modelVersionsAlertRanker: z.string().max(128),
  modelVersionsClusterScorer: z.string().max(128),
  errorMessage: z.string().max(10_000),
})
/** See {@link batchSchema}. */
export type Batch = z.infer<typeof batchSchema>
