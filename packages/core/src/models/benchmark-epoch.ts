import { z } from 'zod'

import { imageTypeSchema } from './image-type.ts'
import { minerDatabaseNameSchema } from './miner-database.ts'
import { hotkeySchema, instantSchema, sha256Schema, utcDateSchema, uuidSchema } from './scalars.ts'
import { commitSchema, repositoryUrlSchema } from './submission.ts'

/** Who takes part: a miner, or the baseline that miners have to beat. */
export const participantTypes = ['miner', 'baseline'] as const
/** One of {@link participantTypes}. */
export type ParticipantType = (typeof participantTypes)[number]

/** The hotkey under which the baseline takes part: no SS58 address, so no miner can register it. */
export const BASELINE_HOTKEY = 'baseline'

/**
 * Where an epoch stands: `failed` when its submission could not be cloned, was refused, did not build, or was another's, and
 * when its tournament was cancelled.
 */
export const benchmarkEpochStatuses = ['pending', 'running', 'completed', 'failed'] as const
/** One of {@link benchmarkEpochStatuses}. */
export type BenchmarkEpochStatus = (typeof benchmarkEpochStatuses)[number]

/** A span of days over which one submission, at one commit, is measured. */
export const benchmarkEpochSchema = z.strictObject({
  /** Derived from tournament, type, hotkey and start: making the same epoch again is the same epoch. */
  epochId: uuidSchema,
  /** Null for an epoch of its own, outside of any tournament. */
  tournamentId: uuidSchema.nullable(),
  hotkey: hotkeySchema,
  imageType: imageTypeSchema,
  participantType: z.enum(participantTypes),
  /** First and last day, both included. */
  startDate: utcDateSchema,
  endDate: utcDateSchema,
  status: z.enum(benchmarkEpochStatuses),
  repository: repositoryUrlSchema,
  commit: commitSchema,
  /** Names the files of the commit by what is in them, whoever committed them; null until they were scanned. */
  treeSha256: sha256Schema.nullable(),
  /** The image that was built of the commit; null until then. */
  image: z.string().min(1).max(255).nullable(),
  minerDatabaseName: minerDatabaseNameSchema,
  /** Why it failed; null otherwise. */
  errorMessage: z.string().min(1).max(2_000).nullable(),
  createdAt: instantSchema,
  completedAt: instantSchema.nullable(),
})
/** See {@link benchmarkEpochSchema}. */
export type BenchmarkEpoch = z.infer<typeof benchmarkEpochSchema>
