import type { Repositories } from '@subnetkit/core'

import type { ClickHouseConnection } from '../connection.ts'
import { createVersionClock } from '../query/version-clock.ts'
import { createClickHouseBaselineRepository } from './clickhouse-baseline-repository.ts'
import { createClickHouseBenchmarkEpochRepository } from './clickhouse-benchmark-epoch-repository.ts'
import { createClickHouseBenchmarkRunRepository } from './clickhouse-benchmark-run-repository.ts'
import { createClickHouseBenchmarkScoreRepository } from './clickhouse-benchmark-score-repository.ts'
import { createClickHouseMinerDatabaseRepository } from './clickhouse-miner-database-repository.ts'
import { createClickHouseMinerOutputRepository } from './clickhouse-miner-output-repository.ts'
import { createClickHouseSubmissionRepository } from './clickhouse-submission-repository.ts'
import { createClickHouseTournamentParticipantRepository } from './clickhouse-tournament-participant-repository.ts'
import { createClickHouseTournamentRepository } from './clickhouse-tournament-repository.ts'
import { createClickHouseTournamentResultRepository } from './clickhouse-tournament-result-repository.ts'
import type { ClickHouseRepositoriesOptions } from './create-clickhouse-repositories.ts'
import type { RepositoryContext } from './keyed-rows.ts'

/** The aggregates of the benchmark. */
export type ClickHouseBenchmarkRepositories = Pick<
  Repositories,
  | 'baselines'
  | 'benchmarkEpochs'
  | 'benchmarkRuns'
  | 'benchmarkScores'
  | 'minerDatabases'
  | 'minerOutputs'
  | 'submissions'
  | 'tournamentParticipants'
  | 'tournamentResults'
  | 'tournaments'
>

/**
 * All repositories of a database whose `benchmark` migrations have run. Miners' outputs lie in databases of their own on
 * the same server, which `minerOutputs.prepare` makes. They share the connection and one version clock; closing the
 * connection ends them. Make one set per process and database, so that versions stay strictly increasing.
 */
export function createClickHouseBenchmarkRepositories(
  connection: ClickHouseConnection,
  { now, writerId }: ClickHouseRepositoriesOptions,
): ClickHouseBenchmarkRepositories {
  const context: RepositoryContext = { connection, version: createVersionClock({ now, writerId }) }
  return {
    baselines: createClickHouseBaselineRepository(context),
    benchmarkEpochs: createClickHouseBenchmarkEpochRepository(context),
    benchmarkRuns: createClickHouseBenchmarkRunRepository(context),
    benchmarkScores: createClickHouseBenchmarkScoreRepository(context),
    minerDatabases: createClickHouseMinerDatabaseRepository(context),
    minerOutputs: createClickHouseMinerOutputRepository(context),
    submissions: createClickHouseSubmissionRepository(context),
    tournamentParticipants: createClickHouseTournamentParticipantRepository(context),
    tournamentResults: createClickHouseTournamentResultRepository(context),
    tournaments: createClickHouseTournamentRepository(context),
  }
}
