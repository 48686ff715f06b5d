import {
  addressLabelRepositoryContract,
  agentAnalysisRepositoryContract,
  agentRecordRepositoryContract,
  agentRepositoryContract,
  agentRowsRepositoryContract,
  agentSimpleOpsContract,
  agentVersionRepositoryContract,
  alertClusterRepositoryContract,
  alertRankingRepositoryContract,
  alertRepositoryContract,
  alertScoreRepositoryContract,
  batchRepositoryContract,
  chainSnapshotRepositoryContract,
  clusterScoreRepositoryContract,
  featureRepositoryContract,
  minerPerformanceRepositoryContract,
  minerWeightTraceRepositoryContract,
  moneyFlowRepositoryContract,
  rowExportRepositoryContract,
  snapshotImportRepositoryContract,
  snapshotRepositoryContract,
  taskScoreRepositoryContract,
  transferRepositoryContract,
  weightCycleRepositoryContract,
  weightsSnapshotRepositoryContract,
  buildEvaluation,
  buildScoredRun,
} from '@subnetkit/core/contracts'
import { afterAll, expect, it } from 'vitest'

import {
  createClickHouseAgentRepositories,
  type ClickHouseAgentRepositories,
  type ClickHouseRecordRepositories,
  type ClickHouseRepositories,
} from '../src/index.ts'
import { describeOnEachEngine } from './engine.ts'
import { openMinerStore } from './miner-store.ts'
import { openValidatorStore, type ValidatorStore } from './validator-store.ts'

const now = (): number => Date.UTC(2025, 7, 2)

/** One entry per repository: a new one without a contract does not compile. */
type Contracts<All> = { readonly [Name in keyof All]: (setup: () => Promise<All>) => void }

const contracts: Contracts<ClickHouseRepositories> = {
  addressLabels: (all) => addressLabelRepositoryContract({ setup: async () => (await all()).addressLabels }),
  alertClusters: (all) => alertClusterRepositoryContract({ setup: async () => (await all()).alertClusters }),
  alertRankings: (all) => alertRankingRepositoryContract({ setup: async () => (await all()).alertRankings }),
  alerts: (all) => alertRepositoryContract({ setup: async () => (await all()).alerts }),
  alertScores: (all) => alertScoreRepositoryContract({ setup: async () => (await all()).alertScores }),
  batches: (all) => batchRepositoryContract({ setup: all }),
  clusterScores: (all) => clusterScoreRepositoryContract({ setup: async () => (await all()).clusterScores }),
  features: (all) => featureRepositoryContract({ setup: all }),
  moneyFlows: (all) => moneyFlowRepositoryContract({ setup: async () => (await all()).moneyFlows }),
  rowExports: (all) => rowExportRepositoryContract({ setup: all }),
  snapshotImports: (all) => snapshotImportRepositoryContract({ setup: all }),
  snapshots: (all) => snapshotRepositoryContract({ setup: all }),
  transfers: (all) => transferRepositoryContract({ setup: async () => (await all()).transfers }),
}

const recordContracts: Contracts<ClickHouseRecordRepositories> = {
  chainSnapshots: (all) =>
    chainSnapshotRepositoryContract({ setup: async () => (await all()).chainSnapshots }),
  minerPerformances: (all) =>
    minerPerformanceRepositoryContract({ setup: async () => (await all()).minerPerformances }),
  minerWeightTraces: (all) =>
    minerWeightTraceRepositoryContract({ setup: async () => (await all()).minerWeightTraces }),
  taskScores: (all) => taskScoreRepositoryContract({ setup: async () => (await all()).taskScores }),
  weightCycles: (all) => weightCycleRepositoryContract({ setup: async () => (await all()).weightCycles }),
}

/** The worked steps need a store that nobody wrote yet, so they come first. */
const agentContracts: Contracts<Omit<ClickHouseAgentRepositories, 'agentAnalyses'>> = {
  agents: (all) => {
    agentSimpleOpsContract({ setup: all })
    agentRepositoryContract({ setup: all, uploadsAtOnce: 0 })
  },
  agentVersions: (all) => agentVersionRepositoryContract({ setup: all }),
  weightsSnapshots: (all) => weightsSnapshotRepositoryContract({ setup: all }),
  agentRows: (all) =>
    agentRowsRepositoryContract({
      setup: async () => {
        const store = await all()
        return {
          ...store,
          storeEvaluation: async () => {
            const evaluation = buildEvaluation()
            const run = buildScoredRun({ evaluationId: evaluation.evaluationId })
            await store.agentRecords.putEvaluations({ evaluations: [evaluation] })
            await store.agentRecords.putRuns({ runs: [run] })
            return { evaluation, run }
          },
        }
      },
    }),
  // Last: its snapshot stays the newest for ever.
  agentRecords: (all) => agentRecordRepositoryContract({ setup: all }),
}

function runContracts<All extends object>(
  all: Contracts<All>,
  openStore: () => Promise<{ readonly repositories: All; close(): Promise<void> }>,
): void {
  let opening: ReturnType<typeof openStore> | null = null
  const open = async (): Promise<All> => {
    opening ??= openStore()
    return (await opening).repositories
  }
  afterAll(async () => {
    await (await opening)?.close()
  })

  for (const run of Object.values<(setup: typeof open) => void>(all)) run(open)

  it('has a contract for every repository that the package makes', async () => {
    expect(Object.keys(all).toSorted()).toEqual(Object.keys(await open()).toSorted())
  })
}

describeOnEachEngine('repository contracts', (engine) => {
  runContracts(contracts, async () => openMinerStore(engine))
})

describeOnEachEngine('contracts of the record', (engine) => {
  runContracts(recordContracts, async () => openValidatorStore(engine))
})

describeOnEachEngine('contracts of the agent registry', (engine) => {
  const openAgents = async (): Promise<ClickHouseAgentRepositories & Pick<ValidatorStore, 'close'>> => {
    const { connection, close } = await openValidatorStore(engine)
    return { ...createClickHouseAgentRepositories(connection, { now, writerId: 8 }), close }
  }
  runContracts(agentContracts, async () => {
    const { agentAnalyses: _inItsOwnStore, close, ...repositories } = await openAgents()
    return { repositories, close }
  })

  let opened: Awaited<ReturnType<typeof openAgents>> | null = null
  agentAnalysisRepositoryContract({
    setup: async () => {
      opened = await openAgents()
      return opened
    },
    teardown: async () => opened?.close(),
  })
})
