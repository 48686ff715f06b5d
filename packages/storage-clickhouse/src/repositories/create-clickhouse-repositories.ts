import type { Repositories } from '@subnetkit/core'

import type { ClickHouseConnection } from '../connection.ts'
import { createClickHouseSnapshotImportRepository } from '../imports/clickhouse-snapshot-import-repository.ts'
import { createVersionClock } from '../query/version-clock.ts'
import { createClickHouseAddressLabelRepository } from './clickhouse-address-label-repository.ts'
import { createClickHouseAlertClusterRepository } from './clickhouse-alert-cluster-repository.ts'
import { createClickHouseAlertRankingRepository } from './clickhouse-alert-ranking-repository.ts'
import { createClickHouseAlertRepository } from './clickhouse-alert-repository.ts'
import { createClickHouseAlertScoreRepository } from './clickhouse-alert-score-repository.ts'
import { createClickHouseBatchRepository } from './clickhouse-batch-repository.ts'
import { createClickHouseClusterScoreRepository } from './clickhouse-cluster-score-repository.ts'
import { createClickHouseFeatureRepository } from './clickhouse-feature-repository.ts'
import { createClickHouseMoneyFlowRepository } from './clickhouse-money-flow-repository.ts'
import { createClickHouseRowExportRepository } from './clickhouse-row-export-repository.ts'
import { createClickHouseSnapshotRepository } from './clickhouse-snapshot-repository.ts'
import { createClickHouseTransferRepository } from './clickhouse-transfer-repository.ts'
import type { RepositoryContext } from './keyed-rows.ts'

/** What repositories need besides a connection. */
export interface ClickHouseRepositoriesOptions {
  /** Milliseconds since 1970, fractions count; versions are made of it. */
  readonly now: () => number
  /** 0…1023, different for each process that writes the same database at the same time. */
  readonly writerId: number
}

/** The aggregates that ClickHouse keeps: a miner's day. */
export type ClickHouseRepositories = Pick<
  Repositories,
  | 'addressLabels'
  | 'alertClusters'
  | 'alertRankings'
  | 'alerts'
  | 'alertScores'
  | 'batches'
  | 'clusterScores'
  | 'features'
  | 'moneyFlows'
  | 'rowExports'
  | 'snapshotImports'
  | 'snapshots'
  | 'transfers'
>

/**
 * All repositories of a database whose `miner` migrations have run. They share the connection and one version clock;
 * closing the connection ends them. Make one set per process and database, so that versions stay strictly increasing.
 */
export function createClickHouseRepositories(
  connection: ClickHouseConnection,
  { now, writerId }: ClickHouseRepositoriesOptions,
): ClickHouseRepositories {
  const context: RepositoryContext = { connection, version: createVersionClock({ now, writerId }) }
  return {
    addressLabels: createClickHouseAddressLabelRepository(context),
    alertClusters: createClickHouseAlertClusterRepository(context),
    alertRankings: createClickHouseAlertRankingRepository(context),
    alerts: createClickHouseAlertRepository(context),
    alertScores: createClickHouseAlertScoreRepository(context),
    batches: createClickHouseBatchRepository(context),
    clusterScores: createClickHouseClusterScoreRepository(context),
    features: createClickHouseFeatureRepository(context),
    moneyFlows: createClickHouseMoneyFlowRepository(context),
    rowExports: createClickHouseRowExportRepository(context),
    snapshotImports: createClickHouseSnapshotImportRepository(context),
    snapshots: createClickHouseSnapshotRepository(context),
    transfers: createClickHouseTransferRepository(context),
  }
}
