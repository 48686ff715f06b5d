import { z } from 'zod'

import { countSchema, unitIntervalSchema, uuidSchema } from './scalars.ts'

/** Text of a miner, cut to what is worth keeping. */
const reportedText = (length: number): z.ZodString => z.string().max(length)

/** One row of a run's report of patterns with its verdict: a row of `miner_output_patterns`. Rows that fit no schema are empty. */
export const judgedPatternSchema = z.strictObject({
  runId: uuidSchema,
  /** From 1, in the order of the report. */
  rowNumber: z.int().min(1).max(4_294_967_295),
  patternType: reportedText(64),
  addresses: z.array(reportedText(128)).max(64),
  verdict: z.string().regex(/^[a-z_]{1,32}$/),
  /** A sentence for the miner. */
  explanation: z.string().max(500),
  /** Whether it counts as found. */
  isAccepted: z.boolean(),
  /** The planted pattern it is about; empty for none. */
  plantedPattern: z.string().max(128),
})
/** See {@link judgedPatternSchema}. */
export type JudgedPattern = z.infer<typeof judgedPatternSchema>

/** One planted pattern of a run's dataset, and whether the run found it. Shown to nobody before the epoch is over. */
export const plantedOutcomeSchema = z.strictObject({
  runId: uuidSchema,
  plantedPattern: z.string().min(1).max(128),
  patternType: z.string().min(1).max(64),
  addresses: z.array(z.string().min(1).max(128)).max(1_000),
  isFound: z.boolean(),
  /** Row of the report that found it; null when it was missed. */
  foundByRow: countSchema.nullable(),
})
/** See {@link plantedOutcomeSchema}. */
export type PlantedOutcome = z.infer<typeof plantedOutcomeSchema>

/** One row of a run's report of risk scores with its verdict: a row of `miner_risk_scores`. */
export const judgedScoreSchema = z.strictObject({
  runId: uuidSchema,
  rowNumber: z.int().min(1).max(4_294_967_295),
  address: reportedText(128),
  /** Null where the row was refused. */
  riskScore: unitIntervalSchema.nullable(),
  verdict: z.string().regex(/^[a-z_]{1,32}$/),
})
/** See {@link judgedScoreSchema}. */
export type JudgedScore = z.infer<typeof judgedScoreSchema>
