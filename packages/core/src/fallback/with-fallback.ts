import type { CallOptions } from '../repositories/call-options.ts'
import type { Repositories } from '../repositories/repositories.ts'
import {
  createBreakers,
  DEFAULT_FALLBACK_SETTINGS,
  type FallbackParts,
  type FallbackSettings,
} from './fallback-parts.ts'
import { readCopy, readWithFallback } from './read-with-fallback.ts'
import { writeWithOutbox, type Change } from './write-with-outbox.ts'

/** The repositories that both stores keep: the ten simple operations. */
export type SharedRegistry = Pick<Repositories, 'agents' | 'agentVersions' | 'weightsSnapshots'>

/** What the copy keeps besides: questions that it alone can answer. */
export type CopiedRegistry = SharedRegistry & Pick<Repositories, 'agentAnalyses'>

/** What {@link withFallback} takes. */
export interface WithFallbackParams<Primary> extends Omit<
  FallbackParts<Primary, CopiedRegistry>,
  'breakers' | 'settings'
> {
  /** @default {@link DEFAULT_FALLBACK_SETTINGS} */
  readonly settings?: Partial<FallbackSettings>
}

type Ask<Asked, Params, Result> = (registry: Asked, params: Params, options: CallOptions) => Promise<Result>
type Method<Params, Result> = (params: Params, options?: CallOptions) => Promise<Result>

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
  const parts: FallbackParts<SharedRegistry, CopiedRegistry> = { ...params, settings, breakers }
  const read =
    <Params, Result>(operation: string, ask: Ask<SharedRegistry, Params, Result>): Method<Params, Result> =>
    async (given, options) =>
      readWithFallback(
        parts,
        { operation, ask: (registry, limited) => ask(registry, given, limited) },
        options,
      )
  const readAll =
    <Result>(operation: string, ask: (registry: SharedRegistry, options: CallOptions) => Promise<Result>) =>
    async (options?: CallOptions): Promise<Result> =>
      readWithFallback(parts, { operation, ask }, options)
  const write =
    <Params, Result>(
      operation: string,
      subjectOf: (given: Params) => Change<SharedRegistry, Result>['subject'],
      ask: Ask<SharedRegistry, Params, Result>,
    ): Method<Params, Result> =>
    async (given, options) =>
      writeWithOutbox(
        parts,
        { operation, subject: subjectOf(given), ask: (registry, limited) => ask(registry, given, limited) },
        options,
      )
  const analyse =
    <Params, Result>(operation: string, ask: Ask<CopiedRegistry, Params, Result>): Method<Params, Result> =>
    async (given, options) =>
      readCopy(parts, { operation, ask: (registry, limited) => ask(registry, given, limited) }, options)
  return {
    ...params.primary,
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
    agentAnalyses: {
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
    },
  }
}
