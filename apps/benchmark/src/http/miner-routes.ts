import {
  type BenchmarkScore,
  benchmarkScoreSchema,
  hotkeySchema,
  imageTypeSchema,
  instantSchema,
  participantTypes,
  scoreComponentSchema,
  unitIntervalSchema,
  uuidSchema,
} from '@subnetkit/core'
import { type HttpServer, pageQueryShape, pageReplySchema } from '@subnetkit/core/http'
import { z } from 'zod'

import { readRankings } from '../published/rankings.ts'
import type { ApiDeps } from './api-deps.ts'
import { offsetQueryShape, paginationOf, paginationSchema } from './offset-paging.ts'
import { runMessage, runMessageSchema } from './run-message.ts'
import { pageOf } from './run-output-routes.ts'

const minerRunSchema = runMessageSchema.extend({
  epoch_id: uuidSchema,
  tournament_id: uuidSchema.nullable(),
  participant_type: z.enum(participantTypes),
})
const rankingSchema = z.strictObject({
  rank: z.int().nullable(),
  hotkey: hotkeySchema,
  epoch_id: uuidSchema,
  final_score: unitIntervalSchema,
  rule_set: benchmarkScoreSchema.shape.ruleSet,
  components: z.array(scoreComponentSchema),
  disqualification: z.string().nullable(),
  calculated_at: instantSchema,
})

/** What miners did in all, in tournaments and outside of them. */
export function addMinerRoutes(server: HttpServer, { repositories }: ApiDeps): void {
  server.get(
    '/api/v1/miners/:hotkey/runs',
    {
      schema: {
        summary: 'All runs of a miner by day, in counts; none for a hotkey that nobody knows',
        params: z.strictObject({ hotkey: hotkeySchema }),
        querystring: z.strictObject({ image_type: imageTypeSchema.default('analytics'), ...pageQueryShape }),
        response: { 200: pageReplySchema(minerRunSchema) },
      },
    },
    async ({ params: { hotkey }, query, signal }) => {
      const asked = { imageType: query.image_type, hotkey, ...pageOf(query) }
      const { items, nextCursor } = await repositories.benchmarkRuns.list(asked, { signal })
      return {
        items: items.map((run) => ({
          ...runMessage(run),
          epoch_id: run.epochId,
          tournament_id: run.tournamentId,
          participant_type: run.participantType,
        })),
        nextCursor,
      }
    },
  )

  server.get(
    '/api/v1/rankings',
    {
      schema: {
        summary: 'The newest score of each miner outside of tournaments, by rank',
        querystring: z.strictObject({
          image_type: imageTypeSchema.default('analytics'),
          ...offsetQueryShape,
        }),
        response: {
          200: z.strictObject({
            image_type: imageTypeSchema,
            rankings: z.array(rankingSchema).readonly(),
            pagination: paginationSchema,
          }),
        },
      },
    },
    async ({ query, signal }) => {
      const scores = await readRankings(repositories, query.image_type, signal)
      return {
        image_type: query.image_type,
        rankings: scores.slice(query.offset, query.offset + query.limit).map(rankingReply),
        pagination: paginationOf(query, scores.length),
      }
    },
  )
}

function rankingReply(score: BenchmarkScore): z.input<typeof rankingSchema> {
  return {
    rank: score.rank,
    hotkey: score.hotkey,
    epoch_id: score.epochId,
    final_score: score.finalScore,
    rule_set: score.ruleSet,
    components: score.components,
    disqualification: score.disqualification,
    calculated_at: score.calculatedAt,
  }
}
