import type { Repositories } from '@subnetkit/core'

import type { ClickHouseConnection } from '../connection.ts'
import { createVersionClock } from '../query/version-clock.ts'
import { createClickHouseChainSnapshotRepository } from './clickhouse-chain-snapshot-repository.ts'
import { createClickHouseMinerPerformanceRepository } from './clickhouse-miner-performance-repository.ts'
import { createClickHouseMinerWeightTraceRepository } from './clickhouse-miner-weight-trace-repository.ts'
import { createClickHouseTaskScoreRepository } from './clickhouse-task-score-repository.ts'
import { createClickHouseWeightCycleRepository } from './clickhouse-weight-cycle-repository.ts'
import type { ClickHouseRepositoriesOptions } from './create-clickhouse-repositories.ts'
import type { RepositoryContext } from './keyed-rows.ts'

/** The aggregates of a validator that ClickHouse keeps: the record from scores to weights to incentive. */
export type ClickHouseRecordRepositories = Pick<
  Repositories,
  'chainSnapshots' | 'minerPerformances' | 'minerWeightTraces' | 'taskScores' | 'weightCycles'
>

/**
 * All repositories of a database whose `validator` migrations have run. They share the connection and one version clock;
 * closing the connection ends them. Make one set per process and database, so that versions stay strictly increasing.
 */
export function createClickHouseRecordRepositories(
  connection: ClickHouseConnection,
  { now, writerId }: ClickHouseRepositoriesOptions,
): ClickHouseRecordRepositories {
  const context: RepositoryContext = { connection, version: createVersionClock({ now, writerId }) }
  return {
    chainSnapshots: createClickHouseChainSnapshotRepository(context),
    minerPerformances: createClickHouseMinerPerformanceRepository(context),
    minerWeightTraces: createClickHouseMinerWeightTraceRepository(context),
    taskScores: createClickHouseTaskScoreRepository(context),
    weightCycles: createClickHouseWeightCycleRepository(context),
  }
}
