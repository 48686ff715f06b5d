import { agentSchema, agentVersionSchema, countSchema, hotkeySchema, uuidSchema } from '@subnetkit/core'
import { type HttpServer, pageQueryShape, pageReplySchema } from '@subnetkit/core/http'
import { z } from 'zod'

import { getAgent, getAgentStory } from '../agents/view/agent-lookup.ts'
import type { AgentKey } from '../agents/view/agent-key.ts'
import { readStandings } from '../agents/view/agent-standings.ts'
import { agentReplySchema } from './agent-messages.ts'
import { type ApiDeps, pageOf } from './api-deps.ts'

const byId = z.strictObject({ agentId: uuidSchema })

/**
 * Agents: who they are from the store that decides, how they do from the record. An earlier platform had these as
 * `GET /retrieval/…`: `top-agents?num_agents` is `/v1/agents/top?limit`; `agent` is `/v1/agents/:agentId` and
 * `/v1/agents/by-hotkey/:hotkey`; `agent-summary` is `/v1/agents/:agentId/summary`; `num-agents` is `/v1/agents/count`;
 * `subnet-stats` is `/v1/agents/statistics`. Its answers said that nothing was found when a store was down; ours do not.
 */
export function addAgentRoutes(server: HttpServer, deps: ApiDeps): void {
  const { agents, record } = deps

  server.get(
    '/v1/agents',
    {
      schema: {
        summary:
          'Agents by the time of their first upload; names are the miners’ own and must not be trusted',
        querystring: z.strictObject(pageQueryShape),
        response: { 200: pageReplySchema(agentSchema) },
      },
    },
    async ({ query, signal }) =>
      await record.read(({ agentAnalyses }) => agentAnalyses.listAgents(pageOf(query), { signal })),
  )

  server.get(
    '/v1/agents/count',
    {
      schema: {
        summary: 'How many agents there are: neither versions nor hotkeys',
        response: { 200: z.strictObject({ count: countSchema }) },
      },
    },
    async ({ signal }) => ({ count: await agents.agents.count({ signal }) }),
  )

  addOneAgentRoutes(server, deps)
}

function addOneAgentRoutes(server: HttpServer, deps: ApiDeps): void {
  const show = async (key: AgentKey, signal: AbortSignal): Promise<z.input<typeof agentReplySchema>> =>
    await readStandings(deps, await getAgent(deps, key, { signal }), { signal })

  server.get(
    '/v1/agents/by-hotkey/:hotkey',
    {
      schema: {
        summary:
          'The agent of a hotkey with its newest version, and its newest scored one where that is another',
        params: z.strictObject({ hotkey: hotkeySchema }),
        response: { 200: agentReplySchema },
      },
    },
    async ({ params: { hotkey }, signal }) => await show({ minerHotkey: hotkey }, signal),
  )

  server.get(
    '/v1/agents/:agentId',
    {
      schema: {
        summary: 'An agent with its newest version, and its newest scored one where that is another',
        params: byId,
        response: { 200: agentReplySchema },
      },
    },
    async ({ params, signal }) => await show(params, signal),
  )

  server.get(
    '/v1/agents/:agentId/summary',
    {
      schema: {
        summary:
          'An agent with all its versions, the newest first; a score is the mean over completed evaluations',
        params: byId,
        response: {
          200: z.strictObject({
            agent: agentSchema,
            versions: z.array(agentVersionSchema).readonly(),
            isOnRecord: z
              .boolean()
              .describe('false until the record has the agent: only its newest version is told then'),
          }),
        },
      },
    },
    async ({ params, signal }) => await getAgentStory(deps, params, { signal }),
  )
}
