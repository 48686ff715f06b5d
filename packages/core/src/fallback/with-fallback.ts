import {
  createBreakers,
  DEFAULT_FALLBACK_SETTINGS,
  type FallbackParts,
  type FallbackSettings,
} from './fallback-parts.ts'
import {
  createMethods,
  type CopiedRegistry,
  type RegistryMethods,
  type SharedRegistry,
} from './registry-methods.ts'

/** What {@link withFallback} takes. */
export interface WithFallbackParams<Primary> extends Omit<
  FallbackParts<Primary, CopiedRegistry>,
  'breakers' | 'settings'
> {
  /** @default {@link DEFAULT_FALLBACK_SETTINGS} */
  readonly settings?: Partial<FallbackSettings>
}

/**
 * One registry over two stores, of which the first decides and the second copies. What both keep is asked of the first,
 * and read from the second while the first does not answer; writes go to the first alone and are told to the second by
 * the outbox (`replayOutbox`). What only one of them keeps goes to that one: by declaration, nothing is tried out. The
 * copy may lag behind: a read that it answers may be older than the last write.
 */
export function withFallback<Primary extends SharedRegistry>(
  params: WithFallbackParams<Primary>,
): Primary & Pick<CopiedRegistry, 'agentAnalyses'> {
  const settings = { ...DEFAULT_FALLBACK_SETTINGS, ...params.settings }
  const breakers = createBreakers({ ...params, settings })
  const methods = createMethods({ ...params, settings, breakers })
  return { ...params.primary, ...sharedBy(methods), agentAnalyses: analysesBy(methods) }
}

function sharedBy({ read, readAll, write }: RegistryMethods): SharedRegistry {
  return {
    agents: {
      put: write(
        'agents.put',
        ({ agent: { agentId } }) => ({ kind: 'agent', agentId }),
        async ({ agents }, given, options) => agents.put(given, options),
      ),
      find: read('agents.find', async ({ agents }, given, options) => agents.find(given, options)),
      findByHotkey: read('agents.findByHotkey', async ({ agents }, given, options) =>
        agents.findByHotkey(given, options),
      ),
      count: readAll('agents.count', async ({ agents }, options) => agents.count(options)),
    },
    agentVersions: {
      put: write(
        'agentVersions.put',
        ({ version: { agentId, versionId } }) => ({ kind: 'version', agentId, versionId }),
        async ({ agentVersions }, given, options) => agentVersions.put(given, options),
      ),
      find: read('agentVersions.find', async ({ agentVersions }, given, options) =>
        agentVersions.find(given, options),
      ),
      findLatest: read('agentVersions.findLatest', async ({ agentVersions }, given, options) =>
        agentVersions.findLatest(given, options),
      ),
    },
    weightsSnapshots: {
      put: write(
        'weightsSnapshots.put',
        ({ snapshot: { id } }) => ({ kind: 'snapshot', snapshotId: id }),
        async ({ weightsSnapshots }, given, options) => weightsSnapshots.put(given, options),
      ),
      find: read('weightsSnapshots.find', async ({ weightsSnapshots }, given, options) =>
        weightsSnapshots.find(given, options),
      ),
      findLatest: readAll('weightsSnapshots.findLatest', async ({ weightsSnapshots }, options) =>
        weightsSnapshots.findLatest(options),
      ),
      findTopMiner: readAll('weightsSnapshots.findTopMiner', async ({ weightsSnapshots }, options) =>
        weightsSnapshots.findTopMiner(options),
      ),
    },
  }
}

function analysesBy({ analyse }: RegistryMethods): CopiedRegistry['agentAnalyses'] {
  return {
    listTopAgents: analyse('agentAnalyses.listTopAgents', async ({ agentAnalyses }, given, options) =>
      agentAnalyses.listTopAgents(given, options),
    ),
    listAgents: analyse('agentAnalyses.listAgents', async ({ agentAnalyses }, given, options) =>
      agentAnalyses.listAgents(given, options),
    ),
    findSummary: analyse('agentAnalyses.findSummary', async ({ agentAnalyses }, given, options) =>
      agentAnalyses.findSummary(given, options),
    ),
    listRecentExecutions: analyse(
      'agentAnalyses.listRecentExecutions',
      async ({ agentAnalyses }, given, options) => agentAnalyses.listRecentExecutions(given, options),
    ),
    findLatestExecution: analyse(
      'agentAnalyses.findLatestExecution',
      async ({ agentAnalyses }, given, options) => agentAnalyses.findLatestExecution(given, options),
    ),
    listVersionExecutions: analyse(
      'agentAnalyses.listVersionExecutions',
      async ({ agentAnalyses }, given, options) => agentAnalyses.listVersionExecutions(given, options),
    ),
    findLeader: analyse('agentAnalyses.findLeader', async ({ agentAnalyses }, given, options) =>
      agentAnalyses.findLeader(given, options),
    ),
    getStatistics: analyse('agentAnalyses.getStatistics', async ({ agentAnalyses }, given, options) =>
      agentAnalyses.getStatistics(given, options),
    ),
    listQueuePlaces: analyse('agentAnalyses.listQueuePlaces', async ({ agentAnalyses }, given, options) =>
      agentAnalyses.listQueuePlaces(given, options),
    ),
    getTopMinerShare: analyse('agentAnalyses.getTopMinerShare', async ({ agentAnalyses }, given, options) =>
      agentAnalyses.getTopMinerShare(given, options),
    ),
    listWeightsHistory: analyse(
      'agentAnalyses.listWeightsHistory',
      async ({ agentAnalyses }, given, options) => agentAnalyses.listWeightsHistory(given, options),
    ),
  }
}
