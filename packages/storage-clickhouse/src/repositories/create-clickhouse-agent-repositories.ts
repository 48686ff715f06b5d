import type { Repositories } from '@subnetkit/core'

import type { ClickHouseConnection } from '../connection.ts'
import { createVersionClock } from '../query/version-clock.ts'
import { createClickHouseAgentAnalysisRepository } from './clickhouse-agent-analysis-repository.ts'
import { createClickHouseAgentRecordRepository } from './clickhouse-agent-record-repository.ts'
import { createClickHouseAgentRows } from './clickhouse-agent-rows.ts'
import { createClickHouseAgentRepository } from './clickhouse-agent-repository.ts'
import { createClickHouseAgentVersionRepository } from './clickhouse-agent-version-repository.ts'
import { createClickHouseWeightsSnapshotRepository } from './clickhouse-weights-snapshot-repository.ts'
import type { ClickHouseRepositoriesOptions } from './create-clickhouse-repositories.ts'
import type { RepositoryContext } from './keyed-rows.ts'

/** The agent registry as ClickHouse keeps it. */
export type ClickHouseAgentRepositories = Pick<
  Repositories,
  'agentAnalyses' | 'agentRecords' | 'agentRows' | 'agents' | 'agentVersions' | 'weightsSnapshots'
>

/**
 * The agent registry in a database whose `validator` migrations have run. The repositories share the connection and one
 * version clock; closing the connection ends them. Make one set per process and database.
 */
export function createClickHouseAgentRepositories(
  connection: ClickHouseConnection,
  { now, writerId }: ClickHouseRepositoriesOptions,
): ClickHouseAgentRepositories {
  const context: RepositoryContext = { connection, version: createVersionClock({ now, writerId }) }
  const agents = createClickHouseAgentRepository(context)
  return {
    agentAnalyses: createClickHouseAgentAnalysisRepository(context),
    agentRecords: createClickHouseAgentRecordRepository(context),
    agentRows: createClickHouseAgentRows(context),
    agents,
    agentVersions: createClickHouseAgentVersionRepository(context, agents),
    weightsSnapshots: createClickHouseWeightsSnapshotRepository(context),
  }
}
