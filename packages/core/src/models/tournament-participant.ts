import { z } from 'zod'

import { participantTypes } from './benchmark-epoch.ts'
import { minerDatabaseNameSchema } from './miner-database.ts'
import { hotkeySchema, instantSchema, uuidSchema } from './scalars.ts'
import { commitSchema, repositoryUrlSchema } from './submission.ts'

/**
 * Where a participant stands. `withdrawn` frees its place, and it may register again. `failed`: its submission was
 * refused, did not build, or is a copy of another's. `disqualified`: it ran, and what it did ends its part.
 */
export const participantStatuses = [
  'registered',
  'active',
  'completed',
  'failed',
  'disqualified',
  'withdrawn',
] as const
/** One of {@link participantStatuses}. */
export type ParticipantStatus = (typeof participantStatuses)[number]

/** Who takes part in a tournament, with the commit that was pinned when it registered. */
export const tournamentParticipantSchema = z.strictObject({
  tournamentId: uuidSchema,
  hotkey: hotkeySchema,
  participantType: z.enum(participantTypes),
  /** The baseline's is 0, miners' count from 1 and are never given twice. */
  registrationOrder: z.int().min(0).max(65_535),
  repository: repositoryUrlSchema,
  commit: commitSchema,
  minerDatabaseName: minerDatabaseNameSchema,
  baselineId: uuidSchema.nullable(),
  status: z.enum(participantStatuses),
  /** Why it failed or was disqualified; null otherwise. */
  reason: z.string().min(1).max(2_000).nullable(),
  disqualifiedOnDay: z.int().min(1).max(255).nullable(),
  registeredAt: instantSchema,
  updatedAt: instantSchema,
})
/** See {@link tournamentParticipantSchema}. */
export type TournamentParticipant = z.infer<typeof tournamentParticipantSchema>
