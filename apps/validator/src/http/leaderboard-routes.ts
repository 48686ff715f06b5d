import {
  blockNumberSchema,
  hotkeySchema,
  InputError,
  performanceTrends,
  uidSchema,
  unitIntervalSchema,
} from '@subnetkit/core'
import { type HttpServer, pageQueryShape, pageReplySchema } from '@subnetkit/core/http'
import { z } from 'zod'

import type { ApiDeps } from './api-deps.ts'
import { publishedCycleReply, publishedCycleSchema } from './cycle-routes.ts'

const rowSchema = z.strictObject({
  rank: z.int(),
  uid: uidSchema.nullable(),
  hotkey: hotkeySchema,
  score: z.number().nullable(),
  weight: unitIntervalSchema,
  incentive: unitIntervalSchema.nullable(),
  trend: z.enum(performanceTrends).nullable(),
})
const leaderboardSchema = z.strictObject({
  cycle: publishedCycleSchema.nullable(),
  epochBlock: blockNumberSchema.nullable(),
  ...pageReplySchema(rowSchema).shape,
})

/** Who has which weight and incentive. */
export function addLeaderboardRoutes(server: HttpServer, { published }: ApiDeps): void {
  server.get(
    '/v1/leaderboard',
    {
      schema: {
        summary: 'Miners by the weight of the newest cycle that the chain shows, with incentive and trend',
        querystring: z.strictObject(pageQueryShape),
        response: { 200: leaderboardSchema },
      },
    },
    async ({ query: { limit, cursor }, signal }) => {
      const { cycle, epochBlock, rows } = await published.leaderboard({ signal })
      const cycleId = cycle?.summary.cycleId ?? 'none'
      const from = cursor === undefined ? 0 : startOf(cursor, cycleId)
      const items = rows.slice(from, from + limit)
      const next = from + items.length
      return {
        cycle: cycle === null ? null : publishedCycleReply(cycle),
        epochBlock,
        items,
        nextCursor: next < rows.length ? cursorOf(cycleId, next) : null,
      }
    },
  )
}

function cursorOf(cycleId: string, from: number): string {
  return Buffer.from(`${cycleId}/${from}`).toString('base64url')
}

/** @throws InputError when the cursor is none of ours, or of a cycle that is not the newest any more. */
function startOf(cursor: string, cycleId: string): number {
  const [, ofCycle, from] = /^([0-9a-z]+)\/(\d{1,6})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? []
  if (ofCycle === cycleId) return Number(from)
  throw new InputError({
    field: 'query.cursor',
    value: cursor,
    problem: ofCycle === undefined ? 'is no cursor of the leaderboard' : 'is of an earlier cycle',
    hint: 'leave it out to read from the start',
  })
}
