import { minerPerformanceSchema, periodTypes } from '@subnetkit/core'
import { type HttpServer, pageQueryShape, pageReplySchema } from '@subnetkit/core/http'
import { z } from 'zod'

import { periodOf } from '../performance/period-of.ts'
import { type ApiDeps, pageOf } from './api-deps.ts'

const instantText = z.iso.datetime().transform((text) => new Date(text))

/** How miners did in a period. */
export function addStatsRoutes(server: HttpServer, { now, published }: ApiDeps): void {
  server.get(
    '/v1/stats/:period',
    {
      schema: {
        summary: 'Statistics of the period that an instant lies in, now when it is left out, by overall rank',
        params: z.strictObject({ period: z.enum(periodTypes) }),
        querystring: z.strictObject({ at: instantText.optional(), ...pageQueryShape }),
        response: { 200: pageReplySchema(minerPerformanceSchema) },
      },
    },
    async ({ params, query, signal }) => {
      const period = periodOf(params.period, query.at ?? now())
      return await published.listPerformances({ period, ...pageOf(query) }, { signal })
    },
  )
}
