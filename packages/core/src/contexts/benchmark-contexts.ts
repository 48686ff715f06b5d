import { z } from 'zod'

import { benchmarkRunKeySchema } from '../models/benchmark-run.ts'
import { imageTypeSchema } from '../models/image-type.ts'
import { hotkeySchema, utcDateSchema, uuidSchema } from '../models/scalars.ts'
import { commitSchema, repositoryUrlSchema } from '../models/submission.ts'
import { baseContextSchema } from './base-context.ts'

/** Tasks about one miner's place of one type, such as its output database. */
export const benchmarkMinerContextSchema = z.strictObject({
  imageType: imageTypeSchema,
  hotkey: hotkeySchema,
})
/** See {@link benchmarkMinerContextSchema}. */
export type BenchmarkMinerContext = z.infer<typeof benchmarkMinerContextSchema>

/**
 * Clone, scan or build exactly one commit. Where its tree lies and what its image is called follow from these four and
 * are not told: another machine has other folders.
 */
export const benchmarkSubmissionContextSchema = benchmarkMinerContextSchema.extend({
  repository: repositoryUrlSchema,
  commit: commitSchema,
})
/** See {@link benchmarkSubmissionContextSchema}. */
export type BenchmarkSubmissionContext = z.infer<typeof benchmarkSubmissionContextSchema>

/** Make one day's dataset of a contest. Its seed is a secret and is read from the tournament, never told. */
export const benchmarkDatasetContextSchema = baseContextSchema.extend({
  /** Null for epochs outside of tournaments. */
  tournamentId: uuidSchema.nullable(),
})
/** See {@link benchmarkDatasetContextSchema}. */
export type BenchmarkDatasetContext = z.infer<typeof benchmarkDatasetContextSchema>

/** Run and judge a submission on one day's dataset. The key decides the run's id: telling it twice is one run. */
export const benchmarkRunContextSchema = benchmarkRunKeySchema.extend({
  /** Place in the order of a day, from 0. */
  runOrder: z.int().min(0).max(65_535),
  /** End (exclusive) of the dataset's window. */
  processingDate: utcDateSchema,
})
/** See {@link benchmarkRunContextSchema}. */
export type BenchmarkRunContext = z.infer<typeof benchmarkRunContextSchema>

/** Tasks about one epoch: scoring and cleaning up. */
export const benchmarkEpochContextSchema = z.strictObject({ epochId: uuidSchema })
/** See {@link benchmarkEpochContextSchema}. */
export type BenchmarkEpochContext = z.infer<typeof benchmarkEpochContextSchema>

/** All of a type on one day: what the scheduler starts, with the day of its start. */
export const benchmarkDayContextSchema = z.strictObject({
  imageType: imageTypeSchema,
  testDate: utcDateSchema,
})
/** See {@link benchmarkDayContextSchema}. */
export type BenchmarkDayContext = z.infer<typeof benchmarkDayContextSchema>
