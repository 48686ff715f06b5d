import {
  hotkeySchema,
  networkSchema,
  participantTypes,
  utcDateSchema,
  uuidSchema,
  windowDaysSchema,
} from '@subnetkit/core'
import { numberFromText } from '@subnetkit/core/cli'
import type { HttpServer } from '@subnetkit/core/http'
import { z } from 'zod'

import { getTournament } from '../published/tournament-lookup.ts'
import { type DayEntry, readTournamentDay } from '../published/tournament-day.ts'
import type { ApiDeps } from './api-deps.ts'
import { runMessage, runMessageSchema } from './run-message.ts'
import { tournamentParams } from './tournament-routes.ts'

/** The number of a day as it stands in a path: from 1. */
export const dayParam = numberFromText(z.int().min(1).max(255))

const comparisonSchema = z.strictObject({
  synthetic_recall_vs_baseline: z.number(),
  execution_time_vs_baseline: z.number(),
})
const entrySchema = z.strictObject({
  run_order: z.int().describe('order of registration; the baseline’s is 0'),
  participant_type: z.enum(participantTypes),
  hotkey: hotkeySchema,
  status: z.enum(['disqualified', 'failed', 'running', 'completed']),
  network_runs: z.array(runMessageSchema.extend({ baseline_comparison: comparisonSchema.nullable() })),
})

/** What happened on one day, in counts; planted patterns are told after the end. */
export function addDayRoutes(server: HttpServer, { repositories }: ApiDeps): void {
  server.get(
    '/api/v1/tournaments/:tournamentId/days/:day',
    {
      schema: {
        summary: 'The runs of a day by participant, in counts; empty until it began',
        params: tournamentParams.extend({ day: dayParam }),
        response: {
          200: z.strictObject({
            tournament_id: uuidSchema,
            day_number: z.int(),
            test_date: utcDateSchema,
            dataset: z.strictObject({
              networks_tested: z.array(networkSchema),
              window_days_tested: z.array(windowDaysSchema),
              total_runs: z.int(),
            }),
            runs: z.array(entrySchema).readonly(),
          }),
        },
      },
    },
    async ({ params: { tournamentId, day }, signal }) => {
      const tournament = await getTournament(repositories, tournamentId, signal)
      const { entries, testDate } = await readTournamentDay(repositories, tournament, day, signal)
      const runs = entries.flatMap((entry) => entry.runs.map(({ run }) => run))
      return {
        tournament_id: tournamentId,
        day_number: day,
        test_date: testDate,
        dataset: {
          networks_tested: [...new Set(runs.map(({ network }) => network))],
          window_days_tested: [...new Set(runs.map(({ windowDays }) => windowDays))],
          total_runs: runs.length,
        },
        runs: entries.map(entryReply),
      }
    },
  )
}

function entryReply({ participant, runs, status }: DayEntry): z.input<typeof entrySchema> {
  return {
    run_order: participant.registrationOrder,
    participant_type: participant.participantType,
    hotkey: participant.hotkey,
    status,
    network_runs: runs.map(({ run, comparison }) => ({
      ...runMessage(run),
      baseline_comparison:
        comparison === null
          ? null
          : {
              synthetic_recall_vs_baseline: comparison.recall,
              execution_time_vs_baseline: comparison.executionTime,
            },
    })),
  }
}
