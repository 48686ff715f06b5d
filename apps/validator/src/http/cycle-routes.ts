import { contentIdSchema, weightCycleSchema, weightCycleSummarySchema } from '@subnetkit/core'
import { type HttpServer, pageQueryShape, pageReplySchema } from '@subnetkit/core/http'
import { z } from 'zod'

import type { PublishedCycle } from '../published/published-record.ts'
import { type ApiDeps, pageOf } from './api-deps.ts'

const areWeightsShown = z
  .boolean()
  .describe('false until the chain shows the numbers: they are left out then')

/** A cycle without its numbers. */
export const publishedCycleSchema = weightCycleSummarySchema.extend({ areWeightsShown })

/** Fills {@link publishedCycleSchema}. */
export function publishedCycleReply({
  summary,
  areWeightsShown: isShown,
}: PublishedCycle): z.input<typeof publishedCycleSchema> {
  return { ...summary, areWeightsShown: isShown }
}

/** Cycles of weights on their way to an effect: every state, and the numbers once the chain shows them. */
export function addCycleRoutes(server: HttpServer, { published }: ApiDeps): void {
  server.get(
    '/v1/cycles',
    {
      schema: {
        summary: 'Cycles of weights, newest first, with their states and steps',
        querystring: z.strictObject(pageQueryShape),
        response: { 200: pageReplySchema(publishedCycleSchema) },
      },
    },
    async ({ query, signal }) => {
      const { items, nextCursor } = await published.listCycles(pageOf(query), { signal })
      return { items: items.map(publishedCycleReply), nextCursor }
    },
  )

  server.get(
    '/v1/cycles/:id',
    {
      schema: {
        summary: 'One cycle; its weights are empty while they are not told',
        params: z.strictObject({ id: contentIdSchema }),
        response: { 200: weightCycleSchema.extend({ areWeightsShown }) },
      },
    },
    async ({ params: { id }, signal }) => await published.getCycle(id, { signal }),
  )
}
