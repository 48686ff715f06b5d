import { numberFromText } from '@subnetkit/core/cli'
import type { HttpServer } from '@subnetkit/core/http'
import { z } from 'zod'

import { ShortLivedReads } from '../agents/view/short-lived-reads.ts'
import { agentLeaderSchema, agentStatisticsSchema, topAgentSchema } from './agent-messages.ts'
import type { ApiDeps } from './api-deps.ts'

/** Most agents of a top list; it is one query, whatever part of it is asked for. */
const MAX_TOP = 1_000
/** How old the top and the leader may be: both are read from the whole registry. */
const MAX_AGE_MS = 5_000
/** Leaders that are kept, each of its own rule. */
const KEPT_LEADERS = 16

/** How agents stand against each other, and how their registry does as a whole. */
export function addAgentStandingRoutes(server: HttpServer, { now, record }: ApiDeps): void {
  const top = new ShortLivedReads<z.input<typeof topAgentSchema>[]>({ limit: 1, maxAgeMs: MAX_AGE_MS, now })
  const leaders = new ShortLivedReads<z.input<typeof agentLeaderSchema> | null>({
    limit: KEPT_LEADERS,
    maxAgeMs: MAX_AGE_MS,
    now,
  })

  server.get(
    '/v1/agents/top',
    {
      schema: {
        summary:
          'Agents by the score of their newest scored version; the header age says how old this is, in s',
        querystring: z.strictObject({
          limit: numberFromText(
            z.int().min(1).max(MAX_TOP).describe('agents wanted; 3 when it is left out'),
          ).default(3),
        }),
        response: { 200: z.strictObject({ items: z.array(topAgentSchema).readonly() }) },
      },
    },
    async ({ query: { limit } }, reply) => {
      const { value, ageMs } = await top.read('top', () =>
        record.read(async ({ agentAnalyses }) => [
          ...(await agentAnalyses.listTopAgents({ limit: MAX_TOP })),
        ]),
      )
      reply.header('age', Math.round(ageMs / 1_000))
      return { items: value.slice(0, limit) }
    },
  )

  server.get(
    '/v1/agents/statistics',
    {
      schema: {
        summary:
          'Versions in all and of the last day, the best score, and by how much it rose within the day',
        response: { 200: agentStatisticsSchema },
      },
    },
    async ({ signal }) =>
      await record.read(({ agentAnalyses }) => agentAnalyses.getStatistics({ now: now() }, { signal })),
  )

  server.get(
    '/v1/agents/leader',
    {
      schema: {
        summary:
          'The version that gets all of the weight where one winner takes it, or null; the header age says how old this is',
        querystring: z.strictObject({
          minValidators: numberFromText(
            z.int().min(1).max(1_000).describe('validators that must have scored it; 2 when it is left out'),
          ).default(2),
          tolerance: numberFromText(
            z
              .number()
              .min(0)
              .max(1)
              .describe('within it of the best, the older leads; 0.02 when it is left out'),
          ).default(0.02),
        }),
        response: { 200: z.strictObject({ leader: agentLeaderSchema.nullable() }) },
      },
    },
    async ({ query }, reply) => {
      const { minValidators, tolerance } = query
      const { value, ageMs } = await leaders.read(`${minValidators} ${tolerance}`, () =>
        record.read(({ agentAnalyses }) => agentAnalyses.findLeader(query)),
      )
      reply.header('age', Math.round(ageMs / 1_000))
      return { leader: value }
    },
  )
}
