import { type AgentVersion, parseInput, StorageError, uuidSchema } from '@subnetkit/core'
import type { HttpServer } from '@subnetkit/core/http'
import { z } from 'zod'

import { parseAgentKey } from '../agents/view/agent-key.ts'
import { getAgentStory } from '../agents/view/agent-lookup.ts'
import type { AgentStory } from '../agents/view/agent-story.ts'
import { executionMarks } from '../agents/view/run-marks.ts'
import { ShortLivedReads } from '../agents/view/short-lived-reads.ts'
import { weightsDay } from '../agents/view/weights-day.ts'
import { agentPage } from '../page/agent-page.ts'
import { agentsPage, type AgentsView } from '../page/agents-page.ts'
import type { ApiDeps } from './api-deps.ts'
import { addPage, inPath, inQuery } from './page-route.ts'

const SHOWN_TOP = 20
const SHOWN_RECENT = 12
/** How old the first page may be: it asks whole tables. */
const PAGE_AGE_MS = 5_000
/** Who leads, see `/v1/agents/leader`. */
const LEADER = { minValidators: 2, tolerance: 0.02 } as const

const agentParams = z.object({ agent: z.string() })
const agentQuery = z.object({ version: uuidSchema.optional() })

/** The pages of agents: all of them, and one. */
export function addAgentPageRoutes(server: HttpServer, deps: ApiDeps): void {
  const views = new ShortLivedReads<Omit<AgentsView, 'now'>>({
    limit: 1,
    maxAgeMs: PAGE_AGE_MS,
    now: deps.now,
  })

  addPage(server, '/agents', async () => {
    const { value } = await views.read('agents', () => readAgentsView(deps))
    return agentsPage({ ...value, now: deps.now() })
  })

  addPage(server, '/agents/:agent', async ({ params, query, signal }) => {
    const { agent } = parseInput(agentParams, params, inPath)
    const { version } = parseInput(agentQuery, query, inQuery)
    const story = await getAgentStory(deps, parseAgentKey('agent', agent), { signal })
    const shown = shownVersion(story, version)
    if (shown === null) return agentPage({ ...story, shown, executions: [], places: [] })
    const { versionId } = shown
    const [executions, places] = await deps.record.read(({ agentAnalyses }) =>
      Promise.all([
        agentAnalyses.listVersionExecutions({ versionId }, { signal }),
        agentAnalyses.listQueuePlaces({ versionId }, { signal }),
      ]),
    )
    return agentPage({ ...story, shown, executions: executions.map(executionMarks), places })
  })
}

/** @throws StorageError `not_found` for a version that is not one of the agent's. */
function shownVersion({ agent, versions }: AgentStory, wanted: string | undefined): AgentVersion | null {
  if (wanted === undefined) return versions[0] ?? null
  const found = versions.find(({ versionId }) => versionId === wanted)
  if (found !== undefined) return found
  throw new StorageError({
    code: 'not_found',
    message: `there is no version ${wanted} of agent ${agent.agentId}; the agent's own page lists its versions`,
  })
}

async function readAgentsView({ agents, now, record }: ApiDeps): Promise<Omit<AgentsView, 'now'>> {
  const at = now()
  const [agentCount, [statistics, top, leader, recent, history]] = await Promise.all([
    agents.agents.count(),
    record.read(({ agentAnalyses }) =>
      Promise.all([
        agentAnalyses.getStatistics({ now: at }),
        agentAnalyses.listTopAgents({ limit: SHOWN_TOP }),
        agentAnalyses.findLeader(LEADER),
        agentAnalyses.listRecentExecutions({ limit: SHOWN_RECENT }),
        agentAnalyses.listWeightsHistory({ now: at }),
      ]),
    ),
  ])
  const { shares } = weightsDay(history, at)
  return { agentCount, statistics, top, leader, recent: recent.map(executionMarks), shares }
}
