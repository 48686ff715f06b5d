import { z } from 'zod'

import { participantTypes } from './benchmark-epoch.ts'
import { earnedScoreShape } from './benchmark-score.ts'
import { hotkeySchema, uuidSchema } from './scalars.ts'

/** A participant's place and score in a tournament that was scored. */
export const tournamentResultSchema = z.strictObject({
  tournamentId: uuidSchema,
  hotkey: hotkeySchema,
  participantType: z.enum(participantTypes),
  ...earnedScoreShape,
  rank: z.int().min(1).max(65_535),
  isWinner: z.boolean(),
  isBaselineBeaten: z.boolean(),
  /** Participants, the baseline among them, with a lower final score. */
  participantsBeaten: z.int().min(0).max(65_535),
})
/** See {@link tournamentResultSchema}. */
export type TournamentResult = z.infer<typeof tournamentResultSchema>
