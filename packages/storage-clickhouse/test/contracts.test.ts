import {
  addressLabelRepositoryContract,
  alertClusterRepositoryContract,
  alertRankingRepositoryContract,
  alertRepositoryContract,
  alertScoreRepositoryContract,
  batchRepositoryContract,
  clusterScoreRepositoryContract,
  featureRepositoryContract,
  moneyFlowRepositoryContract,
  rowExportRepositoryContract,
  snapshotImportRepositoryContract,
  snapshotRepositoryContract,
  transferRepositoryContract,
} from '@subnetkit/core/contracts'
import { afterAll, expect, it } from 'vitest'

import type { ClickHouseRepositories } from '../src/index.ts'
import { describeOnEachEngine } from './engine.ts'
import { openMinerStore, type MinerStore } from './miner-store.ts'

type Contracts = {
  readonly [Name in keyof ClickHouseRepositories]: (setup: () => Promise<ClickHouseRepositories>) => void
}

/** One entry per repository: a new one without a contract does not compile. */
const contracts: Contracts = {
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

describeOnEachEngine('repository contracts', (engine) => {
  let opening: Promise<MinerStore> | null = null
  const open = async (): Promise<ClickHouseRepositories> => {
    opening ??= openMinerStore(engine)
    return (await opening).repositories
  }
  afterAll(async () => {
    await (await opening)?.close()
  })

  for (const run of Object.values(contracts)) run(open)

  it('has a contract for every repository that the package makes', async () => {
    expect(Object.keys(contracts).toSorted()).toEqual(Object.keys(await open()).toSorted())
  })
})
