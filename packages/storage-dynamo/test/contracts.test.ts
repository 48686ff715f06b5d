import {
  agentRepositoryContract,
  agentRowsRepositoryContract,
  agentSimpleOpsContract,
  agentUploadAttemptRepositoryContract,
  agentUploadRepositoryContract,
  agentVersionRepositoryContract,
  banRepositoryContract,
  evaluationOutboxRepositoryContract,
  evaluationRepositoryContract,
  evaluationRunRepositoryContract,
  executionLogRepositoryContract,
  lockRepositoryContract,
  minerRepositoryContract,
  minerScoreRepositoryContract,
  outboxRepositoryContract,
  requestNonceRepositoryContract,
  retentionPolicyRepositoryContract,
  sampleRepositoryContract,
  samplingTaskRepositoryContract,
  systemConfigRepositoryContract,
  weightCycleRepositoryContract,
  weightsSnapshotRepositoryContract,
  beginOne,
  report,
  type AgentRowsStore,
} from '@subnetkit/core/contracts'
import { afterAll, expect, it } from 'vitest'

import {
  agentUploadAttemptsTable,
  agentUploadsTable,
  bansTable,
  createDynamoRepositories,
  dataRetentionPolicyTable,
  executionLogsTable,
  locksTable,
  minerMetadataTable,
  outboxTable,
  requestNoncesTable,
  scoresTable,
  scoreSnapshotsTable,
  systemConfigTable,
  taskQueueTable,
  weightCyclesTable,
  type DynamoRepositories,
  type TableSpec,
} from '../src/index.ts'
import { agentTables } from './agent-tables.ts'
import { describeOnEachEngine, describeOnEachEngineInSoak, type DynamoTestEngine } from './engine.ts'
import { openConnection, type TestConnection } from './open-connection.ts'
import { sampleTables } from './sample-tables.ts'

/** Which contract certifies which repository; the test below fails for a repository without one. */
const contracts = {
  agentRows: agentRowsRepositoryContract,
  agents: agentRepositoryContract,
  agentUploadAttempts: agentUploadAttemptRepositoryContract,
  agentUploads: agentUploadRepositoryContract,
  agentVersions: agentVersionRepositoryContract,
  bans: banRepositoryContract,
  evaluationOutbox: evaluationOutboxRepositoryContract,
  evaluationRuns: evaluationRunRepositoryContract,
  evaluations: evaluationRepositoryContract,
  executionLogs: executionLogRepositoryContract,
  locks: lockRepositoryContract,
  miners: minerRepositoryContract,
  minerScores: minerScoreRepositoryContract,
  outbox: outboxRepositoryContract,
  requestNonces: requestNonceRepositoryContract,
  retentionPolicies: retentionPolicyRepositoryContract,
  samples: sampleRepositoryContract,
  samplingTasks: samplingTaskRepositoryContract,
  systemConfig: systemConfigRepositoryContract,
  weightCycles: weightCycleRepositoryContract,
  weightsSnapshots: weightsSnapshotRepositoryContract,
}

/** Evaluations come into the store by being made, begun and reported on. */
function withEvaluations(store: DynamoRepositories): AgentRowsStore {
  return {
    ...store,
    storeEvaluation: async () => {
      const evaluation = await beginOne(store)
      return { evaluation, run: await report(store, evaluation) }
    },
  }
}

/** A contract's own store with the tables that it may touch, and the repository over them. */
function over<Repository>(
  engine: DynamoTestEngine,
  tables: readonly TableSpec[],
  pick: (repositories: DynamoRepositories) => Repository,
): { setup: () => Promise<Repository>; teardown: () => Promise<void> } {
  let opened: TestConnection | undefined
  return {
    setup: async () => {
      opened = await openConnection(engine, tables)
      return pick(createDynamoRepositories(opened.connection))
    },
    teardown: async () => opened?.close(),
  }
}

// Engines with an expiry of their own remove what is old by their clock.
const now = new Date()
const isSoak = process.env['SUBNETKIT_SOAK'] === '1'

describeOnEachEngine('repositories that stand for all', (engine) => {
  contracts.executionLogs({ ...over(engine, [executionLogsTable], (all) => all.executionLogs), now })
  contracts.locks(over(engine, [locksTable], ({ locks }) => locks))
})

describeOnEachEngineInSoak('repositories', (engine) => {
  contracts.agentUploadAttempts({
    ...over(engine, [agentUploadAttemptsTable], ({ agentUploadAttempts }) => agentUploadAttempts),
    now,
  })
  contracts.agentUploads({
    ...over(engine, [agentUploadsTable], ({ agentUploads }) => agentUploads),
    claimsAtOnce: isSoak ? 200 : 20,
  })
  contracts.bans(over(engine, [bansTable], ({ bans }) => bans))
  contracts.miners(over(engine, [minerMetadataTable], ({ miners }) => miners))
  contracts.minerScores({
    ...over(engine, [scoresTable, scoreSnapshotsTable], ({ minerScores }) => minerScores),
    now,
  })
  contracts.outbox(over(engine, [outboxTable], ({ outbox }) => outbox))
  contracts.requestNonces(over(engine, [requestNoncesTable], ({ requestNonces }) => requestNonces))
  contracts.retentionPolicies(
    over(engine, [dataRetentionPolicyTable], ({ retentionPolicies }) => retentionPolicies),
  )
  contracts.samples(over(engine, sampleTables, ({ samples }) => samples))
  contracts.samplingTasks(over(engine, [taskQueueTable], ({ samplingTasks }) => samplingTasks))
  contracts.systemConfig(over(engine, [systemConfigTable], ({ systemConfig }) => systemConfig))
  contracts.weightCycles(over(engine, [weightCyclesTable], ({ weightCycles }) => weightCycles))
})

describeOnEachEngineInSoak('the agent registry', (engine) => {
  // Versions need agents, evaluations need versions: one store for all. The worked steps come first, while it is empty.
  let opening: Promise<TestConnection> | undefined
  const all = {
    setup: async (): Promise<DynamoRepositories> => {
      opening ??= openConnection(engine, agentTables)
      return createDynamoRepositories((await opening).connection)
    },
  }
  afterAll(async () => {
    await (await opening)?.close()
  })

  agentSimpleOpsContract(all)
  contracts.agents({ ...all, uploadsAtOnce: isSoak ? 200 : 30 })
  contracts.agentVersions(all)
  contracts.weightsSnapshots(all)
  contracts.evaluationOutbox(all)
  contracts.agentRows({ setup: async () => withEvaluations(await all.setup()) })
  contracts.evaluations(all)
  contracts.evaluationRuns(all)
})

describeOnEachEngine('every repository of the package', (engine) => {
  it('has a contract', async () => {
    await using opened = await openConnection(engine)
    expect(Object.keys(createDynamoRepositories(opened.connection)).sort()).toStrictEqual(
      Object.keys(contracts).sort(),
    )
  })
})
