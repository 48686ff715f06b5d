import {
  hotkeySchema,
  instantSchema,
  participantStatuses,
  participantTypes,
  unitIntervalSchema,
  utcDateSchema,
  uuidSchema,
} from '@subnetkit/core'
import type { HttpServer } from '@subnetkit/core/http'
import { z } from 'zod'

import { isCodeShown } from '../published/code-secrecy.ts'
import { readParticipantHistory } from '../published/participant-history.ts'
import { getTournament } from '../published/tournament-lookup.ts'
import type { ApiDeps } from './api-deps.ts'
import { runMessage, runMessageSchema } from './run-message.ts'
import { tournamentParams } from './tournament-routes.ts'

/** The path of one participant. */
export const participantParams = tournamentParams.extend({ hotkey: hotkeySchema })

const historySchema = z.strictObject({
  tournament_id: uuidSchema,
  hotkey: hotkeySchema,
  participant_type: z.enum(participantTypes),
  registration: z.strictObject({
    registered_at: instantSchema,
    registration_order: z.int(),
    repository: z.string().nullable().describe('null while others may still register'),
    commit: z.string().nullable().describe('null while others may still register'),
  }),
  status: z.strictObject({
    current_status: z.enum(participantStatuses),
    is_disqualified: z.boolean(),
    reason: z.string().nullable(),
    disqualified_on_day: z.int().nullable(),
  }),
  result: z
    .strictObject({
      rank: z.int(),
      is_winner: z.boolean(),
      final_score: unitIntervalSchema,
      beat_baseline: z.boolean(),
      miners_beaten: z.int(),
    })
    .nullable(),
  daily_performance: z.array(
    z.strictObject({
      day_number: z.int(),
      test_date: utcDateSchema,
      runs_expected: z.int(),
      day_score: unitIntervalSchema
        .nullable()
        .describe('mean accuracy; what is missing or failed counts as 0'),
      runs: z.array(runMessageSchema),
    }),
  ),
})

/** A participant's way through a tournament, each network and window by itself. */
export function addParticipantRoutes(server: HttpServer, { repositories }: ApiDeps): void {
  server.get(
    '/api/v1/tournaments/:tournamentId/participants/:hotkey',
    {
      schema: {
        summary: 'A participant’s registration, standing, result and days',
        params: participantParams,
        response: { 200: historySchema },
      },
    },
    async ({ params: { tournamentId, hotkey }, signal }) => {
      const tournament = await getTournament(repositories, tournamentId, signal)
      const history = await readParticipantHistory(repositories, tournament, hotkey, signal)
      const { days, participant, result } = history
      const isShown = isCodeShown(tournament)
      return {
        tournament_id: tournamentId,
        hotkey,
        participant_type: participant.participantType,
        registration: {
          registered_at: participant.registeredAt,
          registration_order: participant.registrationOrder,
          repository: isShown ? participant.repository : null,
          commit: isShown ? participant.commit : null,
        },
        status: {
          current_status: participant.status,
          is_disqualified: participant.status === 'disqualified',
          reason: participant.reason,
          disqualified_on_day: participant.disqualifiedOnDay,
        },
        result:
          result === null
            ? null
            : {
                rank: result.rank,
                is_winner: result.isWinner,
                final_score: result.finalScore,
                beat_baseline: result.isBaselineBeaten,
                miners_beaten: result.participantsBeaten,
              },
        daily_performance: days.map(({ dayNumber, dayScore, expectedRuns, runs, testDate }) => ({
          day_number: dayNumber,
          test_date: testDate,
          runs_expected: expectedRuns,
          day_score: dayScore,
          runs: runs.map(runMessage),
        })),
      }
    },
  )
}
