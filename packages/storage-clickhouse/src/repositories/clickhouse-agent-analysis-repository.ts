import type { AgentAnalysisRepository } from '@subnetkit/core'

import { readAgentSummary } from '../agents/read-agent-summary.ts'
import { readQueuePlaces } from '../agents/read-queue-places.ts'
import { readTopAgents } from '../agents/read-top-agents.ts'
import { readTopMinerShare } from '../agents/read-top-miner-share.ts'
import { readWeightsHistory } from '../agents/read-weights-history.ts'
import type { RepositoryContext } from './keyed-rows.ts'

/** Questions over the whole agent registry, each a file of its own under `src/agents/`. */
export function createClickHouseAgentAnalysisRepository({
  connection,
}: Pick<RepositoryContext, 'connection'>): AgentAnalysisRepository {
  return {
    listTopAgents: async (params, options) => readTopAgents(connection, params, options),
    findSummary: async (params, options) => readAgentSummary(connection, params, options),
    listQueuePlaces: async (params, options) => readQueuePlaces(connection, params, options),
    getTopMinerShare: async (params, options) => readTopMinerShare(connection, params, options),
    listWeightsHistory: async (params, options) => readWeightsHistory(connection, params, options),
  }
}
