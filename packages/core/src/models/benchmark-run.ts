import { z } from 'zod'

import { participantTypes } from './benchmark-epoch.ts'
import { imageTypeSchema } from './image-type.ts'
import {
  countSchema,
  hotkeySchema,
  instantSchema,
  networkSchema,
  sha256Schema,
  unitIntervalSchema,
  utcDateSchema,
  uuidSchema,
  windowDaysSchema,
} from './scalars.ts'

/** Where a run stands. Only a completed one can score; `timeout` and `failed` are final once its attempts are used. */
export const benchmarkRunStatuses = ['pending', 'running', 'completed', 'timeout', 'failed'] as const
/** One of {@link benchmarkRunStatuses}. */
export type BenchmarkRunStatus = (typeof benchmarkRunStatuses)[number]

/** What validation counted of reported patterns. */
export const patternOutcomeSchema = z.strictObject({
  kind: z.literal('patterns'),
  reported: countSchema,
  expected: countSchema,
  found: countSchema,
  badData: countSchema,
  fabricated: countSchema,
})

/** What validation counted and measured of reported risk scores. */
export const scoreOutcomeSchema = z.strictObject({
  kind: z.literal('scores'),
  reported: countSchema,
  expected: countSchema,
  scored: countSchema,
  badData: countSchema,
  fabricated: countSchema,
  coverage: unitIntervalSchema,
  areaUnderCurve: unitIntervalSchema,
  /** The highest precision at a recall of at least 0.8. */
  precisionAtRecall80: unitIntervalSchema,
  /** Mean distance between score and share of culprits over ten bins of scores; 0 is perfect. */
  calibrationError: unitIntervalSchema,
})

/** What a run's output came to, or null: it was not validated, or was refused as a whole. Nothing is true by default. */
export const benchmarkOutcomeSchema = z.discriminatedUnion('kind', [patternOutcomeSchema, scoreOutcomeSchema])
/** See {@link benchmarkOutcomeSchema}. */
export type BenchmarkOutcome = z.infer<typeof benchmarkOutcomeSchema>

/** Which run: each epoch runs each day, network and window once. */
export const benchmarkRunKeySchema = z.strictObject({
  epochId: uuidSchema,
  hotkey: hotkeySchema,
  imageType: imageTypeSchema,
  testDate: utcDateSchema,
  network: networkSchema,
  windowDays: windowDaysSchema,
})
/** See {@link benchmarkRunKeySchema}. */
export type BenchmarkRunKey = z.infer<typeof benchmarkRunKeySchema>

/** One run of one submission on one day's dataset, as it stands. */
export const benchmarkRunSchema = benchmarkRunKeySchema.extend({
  /** Derived from the key: it names the run's container, folder and output rows, also when it is tried again. */
  runId: uuidSchema,
  tournamentId: uuidSchema.nullable(),
  participantType: z.enum(participantTypes),
  /** Place in the order of a day, from 0. */
  runOrder: z.int().min(0).max(65_535),
  /** End (exclusive) of the dataset's window. */
  processingDate: utcDateSchema,
  status: z.enum(benchmarkRunStatuses),
  /** Times that the submission was started on it. */
  attempts: countSchema,
  /** SHA-256 of the dataset's META.json: what the submission saw. Null before it ran. */
  datasetSha256: sha256Schema.nullable(),
  /** Which sandbox ran it, e.g. `podman` or `bubblewrap`; null before. */
  sandbox: z.string().min(1).max(64).nullable(),
  /** Whole milliseconds between start and end of the program; null until it ended. */
  executionMs: countSchema.nullable(),
  exitCode: z.int().min(-1).max(255).nullable(),
  /** Null where the sandbox cannot tell. */
  memoryPeakBytes: countSchema.nullable(),
  outputBytes: countSchema.nullable(),
  outcome: benchmarkOutcomeSchema.nullable(),
  /** The table of features that came beside the report, as counted; null where there was none. */
  features: z
    .strictObject({ rows: countSchema, columns: countSchema, rowsWithoutAddress: countSchema })
    .nullable(),
  /** What happened, in words for the miner; null where nothing is to be said. */
  errorMessage: z.string().min(1).max(2_000).nullable(),
  isDisqualified: z.boolean(),
  disqualificationReason: z.string().min(1).max(2_000).nullable(),
  createdAt: instantSchema,
  startedAt: instantSchema.nullable(),
  completedAt: instantSchema.nullable(),
})
/** See {@link benchmarkRunSchema}. */
export type BenchmarkRun = z.infer<typeof benchmarkRunSchema>
