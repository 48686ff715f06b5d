import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { AlertCluster } from '../models/alert-cluster.ts'
import type { SnapshotKey } from '../models/day-key.ts'
import type { AlertClusterRepository } from '../repositories/alert-cluster-repository.ts'
import {
  keyedRowsRepositoryContract,
  type RepositoryContractOptions,
} from './keyed-rows-repository-contract.ts'
import { buildAlertCluster, buildSnapshotKey, decimal, sortableId } from './miner-row-builders.ts'
import { nastyCounts, nastyDecimals, nastyIds } from './nasty-values.ts'

function nastyClusters(key: SnapshotKey): readonly AlertCluster[] {
  return nastyIds.map((clusterId, index) =>
    buildAlertCluster(key, index, {
      clusterId,
      patternId: clusterId,
      primaryAddress: index % 2 === 0 ? '' : '5Primary',
      relatedAlertIds: index % 3 === 0 ? [] : [...nastyIds],
      addressesInvolved: Array.from({ length: index * 100 }, (_unused, member) => sortableId('5', member)),
      totalAlerts: nastyCounts[index % nastyCounts.length] ?? 0,
      latestAlertTimestamp: nastyCounts[(index + 1) % nastyCounts.length] ?? 0,
      totalVolumeUsd: decimal(nastyDecimals[index % nastyDecimals.length] ?? '0'),
    }),
  )
}

/** Everything that an implementation of {@link AlertClusterRepository} must hold, on a real engine. */
export function alertClusterRepositoryContract(
  options: RepositoryContractOptions<AlertClusterRepository>,
): void {
  keyedRowsRepositoryContract<AlertCluster, SnapshotKey>(
    {
      name: 'alert clusters',
      newKey: buildSnapshotKey,
      build: buildAlertCluster,
      change: (cluster) => ({ ...cluster, totalAlerts: 99, relatedAlertIds: [] }),
      nasty: nastyClusters,
    },
    options,
  )
  describe('alert clusters: questions of their own', () => {
    let repository: AlertClusterRepository
    beforeAll(async () => {
      repository = await options.setup()
    })
    afterAll(async () => {
      await options.teardown?.()
    })

    it('lists clusters by ids in natural order, unknown ids left out', async () => {
      const key = buildSnapshotKey()
      await repository.put({ rows: [0, 1, 2].map((number) => buildAlertCluster(key, number)) })
      const clusterIds = ['cluster-000002', 'unknown', 'cluster-000000']
      expect(await repository.listByIds({ key, clusterIds })).toEqual([
        buildAlertCluster(key, 0),
        buildAlertCluster(key, 2),
      ])
    })
  })
}
