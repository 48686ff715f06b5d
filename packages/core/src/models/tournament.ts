import { z } from 'zod'

import { imageTypeSchema } from './image-type.ts'
import {
  hotkeySchema,
  instantSchema,
  networkSchema,
  sha256Schema,
  utcDateSchema,
  uuidSchema,
  windowDaysSchema,
} from './scalars.ts'

/** Where a tournament stands, in this order; `cancelled` from any state before `completed`. */
export const tournamentStatuses = [
  'draft',
  'registration',
  'in_progress',
  'scoring',
  'completed',
  'cancelled',
] as const
/** One of {@link tournamentStatuses}. */
export type TournamentStatus = (typeof tournamentStatuses)[number]

/** A contest of submissions of one type over some days, all on the same hidden worlds. */
export const tournamentSchema = z.strictObject({
  tournamentId: uuidSchema,
  name: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9 ._-]{0,63}$/, 'must be 1–64 letters, digits, spaces or . _ -'),
  imageType: imageTypeSchema,
  /** Days, all included. */
  registrationStart: utcDateSchema,
  registrationEnd: utcDateSchema,
  competitionStart: utcDateSchema,
  competitionEnd: utcDateSchema,
  /** Miners; the baseline takes none of these places. */
  maxParticipants: z.int().min(1).max(1_000),
  epochDays: z.int().min(1).max(255),
  testNetworks: z.array(networkSchema).min(1).max(16),
  testWindowDays: z.array(windowDaysSchema).min(1).max(16),
  /** Transfers of each dataset. */
  datasetTransfers: z.int().min(1_000).max(10_000_000),
  /**
   * Decides all datasets: kept from miners until the end, and bound from the start by `seedSha256`, from which nobody may
   * be able to guess it.
   */
  datasetSeed: z.string().min(16, 'must have 16 to 200 characters that nobody can guess').max(200),
  seedSha256: sha256Schema,
  ruleSet: z.string().regex(/^[a-z][a-z0-9-]{0,63}$/),
  /** Milliseconds that one run may take. */
  timeLimitMs: z.int().min(100).max(86_400_000),
  /** Null: none takes part, and the first place needs a score above 0. */
  baselineId: uuidSchema.nullable(),
  status: z.enum(tournamentStatuses),
  /** The day that runs or ran last, from 1; 0 before the first. */
  currentDay: z.int().min(0).max(255),
  winnerHotkey: hotkeySchema.nullable(),
  isBaselineBeaten: z.boolean(),
  /** Why it was cancelled, for everybody; null otherwise. */
  cancelReason: z.string().min(1).max(2_000).nullable(),
  createdAt: instantSchema,
  /** When it ended, completed or cancelled. */
  completedAt: instantSchema.nullable(),
})
/** See {@link tournamentSchema}. */
export type Tournament = z.infer<typeof tournamentSchema>
