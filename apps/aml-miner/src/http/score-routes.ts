import type { Batch, BatchKey } from '@subnetkit/core'
import { type HttpServer, pageReplySchema } from '@subnetkit/core/http'
import { z } from 'zod'

import { dayKeyOf } from '../tasks/day-steps.ts'
import {
  type ApiDeps,
  batchHead,
  batchHeadSchema,
  dateParamSchema,
  getBatch,
  pagedScopeQuery,
} from './api-deps.ts'

const unit = z.number().min(0).max(1)
const alertScoreSchema = z.strictObject({ alertId: z.string(), score: unit })
const alertRankingSchema = z.strictObject({ alertId: z.string(), rank: z.int(), score: unit })
const clusterScoreSchema = z.strictObject({ clusterId: z.string(), score: unit })

function reply<Item extends z.ZodType>(
  item: Item,
): z.ZodObject<
  typeof batchHeadSchema.shape & ReturnType<typeof pageReplySchema<Item>>['shape'],
  z.core.$strict
> {
  return z.strictObject({ ...batchHeadSchema.shape, ...pageReplySchema(item).shape })
}

/** Scores and ranks of a day, page by page. */
export function addScoreRoutes(server: HttpServer, deps: ApiDeps): void {
  const querystring = pagedScopeQuery(deps)
  const params = dateParamSchema

  server.get(
    '/v1/scores/alerts/:date',
    {
      schema: {
        summary: 'Alert scores, highest first',
        params,
        querystring,
        response: { 200: reply(alertScoreSchema) },
      },
    },
    async ({ params: { date }, query, signal }) => {
      const batch = await getBatch(deps, date, query, signal)
      const { items, nextCursor } = await deps
        .storesOf(query.network)
        .alertScores.list({ key: batchKeyOf(batch), ...pageOf(query) }, { signal })
      const head = batchHead(
        batch,
        batch.modelVersionsAlertScorer,
        batch.outputCountsAlertScores,
        batch.latenciesMsAlertScoring,
      )
      return { ...head, items: items.map(({ alertId, score }) => ({ alertId, score })), nextCursor }
    },
  )

  server.get(
    '/v1/rankings/alerts/:date',
    {
      schema: {
        summary: 'Alerts by rank',
        params,
        querystring,
        response: { 200: reply(alertRankingSchema) },
      },
    },
    async ({ params: { date }, query, signal }) => {
      const batch = await getBatch(deps, date, query, signal)
      const { items, nextCursor } = await deps
        .storesOf(query.network)
        .alertRankings.list({ key: batchKeyOf(batch), ...pageOf(query) }, { signal })
      const head = batchHead(
        batch,
        batch.modelVersionsAlertRanker,
        batch.outputCountsAlertRankings,
        batch.latenciesMsAlertRanking,
      )
      return {
        ...head,
        items: items.map(({ alertId, rank, score }) => ({ alertId, rank, score })),
        nextCursor,
      }
    },
  )

  server.get(
    '/v1/scores/clusters/:date',
    {
      schema: {
        summary: 'Cluster scores, highest first',
        params,
        querystring,
        response: { 200: reply(clusterScoreSchema) },
      },
    },
    async ({ params: { date }, query, signal }) => {
      const batch = await getBatch(deps, date, query, signal)
      const { items, nextCursor } = await deps
        .storesOf(query.network)
        .clusterScores.list({ key: batchKeyOf(batch), ...pageOf(query) }, { signal })
      const head = batchHead(
        batch,
        batch.modelVersionsClusterScorer,
        batch.outputCountsClusterScores,
        batch.latenciesMsClusterScoring,
      )
      return { ...head, items: items.map(({ clusterId, score }) => ({ clusterId, score })), nextCursor }
    },
  )
}

function batchKeyOf(batch: Batch): BatchKey {
  return { ...dayKeyOf(batch), batchId: batch.batchId }
}

function pageOf({ cursor, limit }: { limit: number; cursor?: string | undefined }): {
  limit: number
  cursor: string | null
} {
  return { limit, cursor: cursor ?? null }
}
