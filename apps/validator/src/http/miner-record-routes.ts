import {
  blockNumberSchema,
  contentIdSchema,
  hotkeySchema,
  instantSchema,
  minerWeightTraceSchema,
  StorageError,
  u16Schema,
  uidSchema,
  unitIntervalSchema,
  weightCycleSummarySchema,
} from '@subnetkit/core'
import { numberFromText } from '@subnetkit/core/cli'
import type { HttpServer } from '@subnetkit/core/http'
import { z } from 'zod'

import { incentiveOf } from '../published/published-record.ts'
import type { ApiDeps } from './api-deps.ts'

const incentiveSchema = z.strictObject({
  epochBlock: blockNumberSchema,
  uid: uidSchema,
  incentive: u16Schema,
  dividends: u16Schema,
  observedAt: instantSchema,
})
const pipelineSchema = z.strictObject({
  cycle: weightCycleSummarySchema,
  trace: minerWeightTraceSchema,
  incentive: incentiveSchema.nullable(),
})
const historySchema = z.strictObject({
  weights: z
    .array(
      z.strictObject({
        cycleId: contentIdSchema,
        at: instantSchema,
        weight: unitIntervalSchema,
        submittedWeight: unitIntervalSchema,
        submittedValue: u16Schema,
      }),
    )
    .readonly(),
  incentives: z.array(incentiveSchema).readonly(),
})
const MOST_POINTS = 10_000
const params = z.strictObject({ hotkey: hotkeySchema })

/** What the record keeps of one miner: its way through a cycle, and its weights and incentive over time. */
export function addMinerRecordRoutes(server: HttpServer, { published, repositories }: ApiDeps): void {
  server.get(
    '/v1/miners/:hotkey/pipeline',
    {
      schema: {
        summary:
          'A miner’s way from task scores to incentive, in the newest cycle that may be told or a given one',
        params,
        querystring: z.strictObject({ cycle: contentIdSchema.optional() }),
        response: { 200: pipelineSchema },
      },
    },
    async ({ params: { hotkey }, query, signal }) => {
      const [{ summary, trace }, { incentives }] = await Promise.all([
        published.getPipeline({ hotkey, cycleId: query.cycle ?? null }, { signal }),
        published.history({ hotkey, limit: MOST_POINTS }, { signal }),
      ])
      const incentive = incentiveOf(summary, incentives)
      return { cycle: summary, trace, incentive }
    },
  )

  server.get(
    '/v1/miners/:hotkey/history',
    {
      schema: {
        summary: 'A miner’s weights and incentive over time, newest first',
        params,
        querystring: z.strictObject({
          limit: numberFromText(
            z.int().min(1).max(MOST_POINTS).describe('points of each kind; 1000 when it is left out'),
          ).default(1_000),
        }),
        response: { 200: historySchema },
      },
    },
    async ({ params: { hotkey }, query: { limit }, signal }) => {
      const { weights, incentives } = await published.history({ hotkey, limit }, { signal })
      const isEmpty = weights.length === 0 && incentives.length === 0
      if (isEmpty && (await repositories.miners.find({ hotkey }, { signal })) === null) {
        throw new StorageError({
          code: 'not_found',
          message: `there is no miner ${hotkey}; /v1/leaderboard lists those with weights, /v1/miners all that are known`,
        })
      }
      return { weights, incentives }
    },
  )
}
