import {
  hotkeySchema,
  participantStatuses,
  participantTypes,
  scoreComponentSchema,
  type TournamentParticipant,
  type TournamentResult,
  tournamentStatuses,
  unitIntervalSchema,
  uuidSchema,
} from '@subnetkit/core'
import type { HttpServer } from '@subnetkit/core/http'
import { z } from 'zod'

import { getTournament, listParticipants, listResults } from '../published/tournament-lookup.ts'
import type { ApiDeps } from './api-deps.ts'
import { tournamentParams } from './tournament-routes.ts'

const entrySchema = z.strictObject({
  rank: z.int(),
  hotkey: hotkeySchema,
  participant_type: z.enum(participantTypes),
  status: z.enum(participantStatuses).nullable(),
  is_winner: z.boolean(),
  is_disqualified: z.boolean(),
  disqualification_reason: z.string().nullable(),
  disqualified_on_day: z.int().nullable(),
  scores: z.strictObject({
    rule_set: z.string(),
    final_score: unitIntervalSchema,
    pattern_accuracy_score: unitIntervalSchema.nullable(),
    data_correctness_score: unitIntervalSchema.nullable(),
    performance_score: unitIntervalSchema.nullable(),
    components: z.array(scoreComponentSchema),
  }),
  stats: z.strictObject({
    days_completed: z.int(),
    total_runs_completed: z.int(),
    average_execution_time_seconds: z.number(),
    baseline_comparison_ratio: z.number(),
    data_correctness_all_days: z.boolean(),
    all_runs_within_time_limit: z.boolean(),
    beat_baseline: z.boolean(),
    miners_beaten: z.int().describe('participants, the baseline among them, with a lower final score'),
  }),
})

/** Who is where in a tournament. */
export function addLeaderboardRoutes(server: HttpServer, { repositories }: ApiDeps): void {
  server.get(
    '/api/v1/tournaments/:tournamentId/leaderboard',
    {
      schema: {
        summary: 'Participants by rank; empty until the tournament was scored, final once it is completed',
        params: tournamentParams,
        response: {
          200: z.strictObject({
            tournament_id: uuidSchema,
            status: z.enum(tournamentStatuses),
            leaderboard: z.array(entrySchema).readonly(),
          }),
        },
      },
    },
    async ({ params: { tournamentId }, signal }) => {
      const tournament = await getTournament(repositories, tournamentId, signal)
      const [results, participants] = await Promise.all([
        listResults(repositories, tournamentId, signal),
        listParticipants(repositories, tournamentId, signal),
      ])
      const byHotkey = new Map(participants.map((one) => [one.hotkey, one] as const))
      return {
        tournament_id: tournamentId,
        status: tournament.status,
        leaderboard: results.map((result) => entryReply(result, byHotkey.get(result.hotkey))),
      }
    },
  )
}

function entryReply(
  result: TournamentResult,
  participant: TournamentParticipant | undefined,
): z.input<typeof entrySchema> {
  const { components, disqualification } = result
  const score = (name: (typeof components)[number]['name']): number | null =>
    components.find((component) => component.name === name)?.score ?? null
  return {
    rank: result.rank,
    hotkey: result.hotkey,
    participant_type: result.participantType,
    status: participant?.status ?? null,
    is_winner: result.isWinner,
    is_disqualified: disqualification !== null || participant?.status === 'disqualified',
    disqualification_reason: disqualification ?? participant?.reason ?? null,
    disqualified_on_day: participant?.disqualifiedOnDay ?? null,
    scores: {
      rule_set: result.ruleSet,
      final_score: result.finalScore,
      pattern_accuracy_score: score('accuracy'),
      data_correctness_score: score('correctness'),
      performance_score: score('performance'),
      components,
    },
    stats: {
      days_completed: result.daysCompleted,
      total_runs_completed: result.runsCompleted,
      average_execution_time_seconds: result.averageExecutionTimeSeconds,
      baseline_comparison_ratio: result.baselineComparisonRatio,
      data_correctness_all_days: result.isDataCorrectOnAllDays,
      all_runs_within_time_limit: result.isWithinTimeLimit,
      beat_baseline: result.isBaselineBeaten,
      miners_beaten: result.participantsBeaten,
    },
  }
}
