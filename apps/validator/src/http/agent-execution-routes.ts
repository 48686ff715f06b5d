import { agentVersionSchema, uuidSchema } from '@subnetkit/core'
import { numberFromText } from '@subnetkit/core/cli'
import type { HttpServer } from '@subnetkit/core/http'
import { z } from 'zod'

import { getAgent, getVersion } from '../agents/view/agent-lookup.ts'
import { ShortLivedReads } from '../agents/view/short-lived-reads.ts'
import { executionReplySchema } from './agent-messages.ts'
import type { ApiDeps } from './api-deps.ts'
import { executionsView } from './execution-view.ts'

/** Most evaluations of one reply: each comes with its runs, and those with patches. */
const MAX_EXECUTIONS = 50
/** How old the newest ones may be, and for how many limits they are kept. */
const RECENT = { maxAgeMs: 2_000, limit: 4 } as const

const includeShape = {
  include: z.literal('response').describe('also patches, whole errors and names of tests').optional(),
}
const executionsSchema = z.strictObject({ items: z.array(executionReplySchema).readonly() })
const versionParams = z.strictObject({ versionId: uuidSchema })
const placeSchema = z.int().min(-1).nullable()

/**
 * Versions and what validators made of them. An earlier platform had `recent-executions` (`/v1/executions/recent`),
 * `latest-execution-by-agent` (`/v1/agents/:agentId/latest-execution`), `evaluations` (`/v1/versions/:versionId/evaluations`),
 * `queue-info` (`/v1/versions/:versionId/queue`) and `agent-version` (`/v1/versions/:versionId`).
 */
export function addAgentExecutionRoutes(server: HttpServer, deps: ApiDeps): void {
  const { now, record } = deps
  const recent = new ShortLivedReads<z.input<typeof executionReplySchema>[]>({ ...RECENT, now })

  server.get(
    '/v1/executions/recent',
    {
      schema: {
        summary: 'The evaluations created last with their runs; the header age says how old this is, in s',
        querystring: z.strictObject({
          ...includeShape,
          limit: numberFromText(
            z.int().min(1).max(MAX_EXECUTIONS).describe('evaluations wanted; 3 when it is left out'),
          ).default(3),
        }),
        response: { 200: executionsSchema },
      },
    },
    async ({ query: { include, limit } }, reply) => {
      const isWhole = include === 'response'
      const ask = async (): Promise<z.input<typeof executionReplySchema>[]> =>
        executionsView(
          await record.read(({ agentAnalyses }) => agentAnalyses.listRecentExecutions({ limit })),
          isWhole,
        )
      if (isWhole) return { items: await ask() }
      const { value, ageMs } = await recent.read(String(limit), ask)
      reply.header('age', Math.round(ageMs / 1_000))
      return { items: value }
    },
  )

  server.get(
    '/v1/agents/:agentId/latest-execution',
    {
      schema: {
        summary: 'The evaluation of the agent that runs, else the newest completed and scored one, else null',
        params: z.strictObject({ agentId: uuidSchema }),
        querystring: z.strictObject(includeShape),
        response: { 200: z.strictObject({ execution: executionReplySchema.nullable() }) },
      },
    },
    async ({ params, query: { include }, signal }) => {
      const found = await record.read(({ agentAnalyses }) =>
        agentAnalyses.findLatestExecution(params, { signal }),
      )
      if (found === null) await getAgent(deps, params, { signal })
      const [execution = null] = executionsView(found === null ? [] : [found], include === 'response')
      return { execution }
    },
  )

  addVersionRoutes(server, deps)
}

function addVersionRoutes(server: HttpServer, deps: ApiDeps): void {
  const { record } = deps

  server.get(
    '/v1/versions/:versionId',
    {
      schema: {
        summary: 'One version of an agent',
        params: versionParams,
        response: { 200: agentVersionSchema },
      },
    },
    async ({ params: { versionId }, signal }) => await getVersion(deps, versionId, { signal }),
  )

  server.get(
    '/v1/versions/:versionId/evaluations',
    {
      schema: {
        summary: 'All evaluations of a version with their runs, the newest first',
        params: versionParams,
        querystring: z.strictObject(includeShape),
        response: { 200: executionsSchema },
      },
    },
    async ({ params, query: { include }, signal }) => {
      const found = await record.read(({ agentAnalyses }) =>
        agentAnalyses.listVersionExecutions(params, { signal }),
      )
      if (found.length === 0) await getVersion(deps, params.versionId, { signal })
      return { items: executionsView(found, include === 'response') }
    },
  )

  server.get(
    '/v1/versions/:versionId/queue',
    {
      schema: {
        summary:
          'Where a version stands with each validator: from 1 it waits, 0 it runs, −1 it is completed, null it ended otherwise',
        params: versionParams,
        response: {
          200: z.strictObject({
            items: z.array(z.strictObject({ validatorHotkey: z.string(), place: placeSchema })).readonly(),
          }),
        },
      },
    },
    async ({ params, signal }) => {
      const items = await record.read(({ agentAnalyses }) =>
        agentAnalyses.listQueuePlaces(params, { signal }),
      )
      if (items.length === 0) await getVersion(deps, params.versionId, { signal })
      return { items }
    },
  )
}
