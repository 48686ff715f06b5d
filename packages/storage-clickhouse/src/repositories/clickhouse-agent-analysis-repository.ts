import type { AgentAnalysisRepository } from '@subnetkit/core'

import { readAgentStatistics } from '../agents/read-agent-statistics.ts'
import { readAgentSummary } from '../agents/read-agent-summary.ts'
import { readAgents } from '../agents/read-agents.ts'
import { readLatestExecution } from '../agents/read-latest-execution.ts'
import { readLeadingAgent } from '../agents/read-leading-agent.ts'
import { readQueuePlaces } from '../agents/read-queue-places.ts'
import { readRecentExecutions } from '../agents/read-recent-executions.ts'
import { readTopAgents } from '../agents/read-top-agents.ts'
import { readTopMinerShare } from '../agents/read-top-miner-share.ts'
import { readVersionExecutions } from '../agents/read-version-executions.ts'
import { readWeightsHistory } from '../agents/read-weights-history.ts'
import type { RepositoryContext } from './keyed-rows.ts'

/** Questions over the whole agent registry, each a file of its own under `src/agents/`. */
export function createClickHouseAgentAnalysisRepository({
  connection,
}: Pick<RepositoryContext, 'connection'>): AgentAnalysisRepository {
  return {
    listTopAgents: async (params, options) => readTopAgents(connection, params, options),
    listAgents: async (params, options) => readAgents(connection, params, options),
    findSummary: async (params, options) => readAgentSummary(connection, params, options),
    listRecentExecutions: async (params, options) => readRecentExecutions(connection, params, options),
    findLatestExecution: async (params, options) => readLatestExecution(connection, params, options),
    listVersionExecutions: async (params, options) => readVersionExecutions(connection, params, options),
    findLeader: async (params, options) => readLeadingAgent(connection, params, options),
    getStatistics: async (params, options) => readAgentStatistics(connection, params, options),
    listQueuePlaces: async (params, options) => readQueuePlaces(connection, params, options),
    getTopMinerShare: async (params, options) => readTopMinerShare(connection, params, options),
    listWeightsHistory: async (params, options) => readWeightsHistory(connection, params, options),
  }
}
