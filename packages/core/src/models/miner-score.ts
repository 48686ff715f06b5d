import { z } from 'zod'

import {
  blockNumberSchema,
  contentIdSchema,
  countSchema,
  environmentNameSchema,
  hotkeySchema,
  instantSchema,
  modelRevisionSchema,
  uidSchema,
  unitIntervalSchema,
} from './scalars.ts'

/** How long scores can be looked up by block. */
export const SCORE_RETENTION_DAYS = 30

/** One miner in one environment: the mean over its samples, how sure it is, and what another has to beat. */
export const environmentScoreSchema = z.strictObject({
  /** Mean, normalised to [0, 1]. */
  score: unitIntervalSchema,
  sampleCount: countSchema,
  /** Share of the scored tasks that have a sample. */
  completeness: unitIntervalSchema,
  /** A later miner has to score above this to count as better. */
  threshold: unitIntervalSchema,
  confidenceLower: unitIntervalSchema,
  confidenceUpper: unitIntervalSchema,
  /** Complete enough to take part. */
  isValid: z.boolean(),
})
/** See {@link environmentScoreSchema}. */
export type EnvironmentScore = z.infer<typeof environmentScoreSchema>

/** What one miner got at one block, and why. */
export const minerScoreSchema = z.strictObject({
  snapshotId: contentIdSchema,
  blockNumber: blockNumberSchema,
  minerHotkey: hotkeySchema,
  uid: uidSchema.nullable(),
  modelName: z.string().min(1).max(256),
  modelRevision: modelRevisionSchema,
  firstBlock: blockNumberSchema.nullable(),
  /** From 1; equal weights have equal ranks and the next one is left out. */
  rank: z.int().min(1),
  /** Points before thresholds and normalisation. */
  points: z.number().min(0),
  /** Share of the miners' weight, in [0, 1]; burn comes on top when weights are set. */
  weight: unitIntervalSchema,
  /** Plain mean over the environments that count, with its interval. */
  averageScore: unitIntervalSchema,
  confidenceLower: unitIntervalSchema,
  confidenceUpper: unitIntervalSchema,
  /** Points by number of environments in the subset: `{"3": 12.5}`. */
  scoresByLayer: z.record(z.string().regex(/^[1-9]\d?$/), z.number().min(0)),
  scoresByEnvironment: z.record(environmentNameSchema, environmentScoreSchema),
  totalSamples: countSchema,
  /** Complete in every environment that counts. */
  isEligible: z.boolean(),
  /** Points reached the minimum. */
  meetsCriteria: z.boolean(),
  /** Why the weight is zero, in words, or null. */
  reason: z.string().min(1).max(256).nullable(),
  calculatedAt: instantSchema,
})
/** See {@link minerScoreSchema}. */
export type MinerScore = z.infer<typeof minerScoreSchema>
