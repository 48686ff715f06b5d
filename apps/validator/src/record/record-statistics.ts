import type { Clock, ExecutionLogRepository, MinerAtUid } from '@subnetkit/core'

import type { RecordStore } from '../ports/record-store.ts'
import { recordPerformance } from '../tasks/record-performance.ts'
import { chainNeurons } from './chain-neurons.ts'
import type { RecordStatistics, RecordStatisticsParams } from './record-round.ts'

/** What statistics are made with. */
export interface RecordStatisticsDeps {
  readonly executionLogs: Pick<ExecutionLogRepository, 'stream'>
  readonly clock: Clock
}

/** The statistics of miners as a part of the record: what they take of the thread is told to its budget. */
export function recordStatistics({ executionLogs, clock }: RecordStatisticsDeps): RecordStatistics {
  return async (params, options) => {
    const { record, cycle, traces, metagraph, settings, now, spend } = params
    const { netuid, validatorHotkey, inclusionBlock } = cycle
    await recordPerformance(
      { record: timedRepositories(record, clock, spend), executionLogs },
      {
        netuid,
        validatorHotkey,
        miners: minersOf(params),
        traces,
        neurons: chainNeurons(metagraph),
        weightSubmissionBlock: inclusionBlock,
        now,
        showsPathways: settings.enableDetailedPathways,
        showsChain: settings.enableChainIntegration,
      },
      options,
    )
  }
}

/** Who mines: everybody who was scored, and everybody else who neither owns the subnet nor sets weights. */
function minersOf({ cycle, traces, metagraph }: RecordStatisticsParams): readonly MinerAtUid[] {
  const scored = new Set([...traces, ...cycle.weights].map(({ hotkey }) => hotkey))
  return metagraph.neurons
    .filter(({ hotkey, hasPermit }) => scored.has(hotkey) || !(hasPermit || hotkey === metagraph.ownerHotkey))
    .map(({ uid, hotkey }) => ({ minerUid: uid, minerHotkey: hotkey }))
}

/** Counts what happens between a period's last reading and its writing: that is where rows are computed. */
function timedRepositories(
  { repositories: { taskScores, minerPerformances } }: RecordStore,
  clock: Clock,
  spend: (ms: number) => void,
): Pick<RecordStore['repositories'], 'taskScores' | 'minerPerformances'> {
  let readMs = clock.monotonicMs()
  return {
    taskScores: {
      ...taskScores,
      listSummaries: async (window, options) => {
        const summaries = await taskScores.listSummaries(window, options)
        readMs = clock.monotonicMs()
        return summaries
      },
    },
    minerPerformances: {
      ...minerPerformances,
      put: async (params, options) => {
        spend(clock.monotonicMs() - readMs)
        return await minerPerformances.put(params, options)
      },
    },
  }
}
