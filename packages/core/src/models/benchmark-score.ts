import { z } from 'zod'

import { participantTypes } from './benchmark-epoch.ts'
import { imageTypeSchema } from './image-type.ts'
import { countSchema, hotkeySchema, instantSchema, unitIntervalSchema, uuidSchema } from './scalars.ts'

/** One part of a score. */
export const scoreComponentSchema = z.strictObject({
  name: z.enum(['accuracy', 'correctness', 'performance', 'novelty']),
  /** Percent of the final score. */
  weight: z.int().min(0).max(100),
  score: unitIntervalSchema,
})

/** What a submission earned in an epoch: the numbers that its scoring rules gave, whichever rules they were. */
export const earnedScoreShape = {
  ruleSet: z.string().regex(/^[a-z][a-z0-9-]{0,63}$/),
  /** In [0, 1], a multiple of 1e-9. */
  finalScore: unitIntervalSchema,
  components: z.array(scoreComponentSchema).max(4),
  /** The baseline's mean time over this one's, not capped; 0 when the final score is 0. */
  baselineComparisonRatio: z.number().min(0),
  averageExecutionTimeSeconds: z.number().min(0),
  isDataCorrectOnAllDays: z.boolean(),
  isWithinTimeLimit: z.boolean(),
  daysCompleted: countSchema,
  runsCompleted: countSchema,
  /** Why the whole epoch earned nothing, or null. */
  disqualification: z.string().min(1).max(2_000).nullable(),
  calculatedAt: instantSchema,
}

/** The score of one epoch of one submission; every epoch keeps its own. */
export const benchmarkScoreSchema = z.strictObject({
  imageType: imageTypeSchema,
  hotkey: hotkeySchema,
  epochId: uuidSchema,
  tournamentId: uuidSchema.nullable(),
  participantType: z.enum(participantTypes),
  ...earnedScoreShape,
  /** From 1 among the newest scores of the type; null until ranked. */
  rank: z.int().min(1).max(4_294_967_295).nullable(),
})
/** See {@link benchmarkScoreSchema}. */
export type BenchmarkScore = z.infer<typeof benchmarkScoreSchema>
