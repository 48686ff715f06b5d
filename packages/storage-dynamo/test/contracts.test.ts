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

import { allTables, createDynamoRepositories, type DynamoRepositories } from '../src/index.ts'
import { agentTables } from './agent-tables.ts'
import { describeKillsOnEngines, describeOnEachEngine } from './engine.ts'
import { openConnection, type TestConnection } from './open-connection.ts'

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

describeOnEachEngine('repositories', (engine) => {
  /** A contract's own store, and the repository over it. */
  function over<Repository>(pick: (repositories: DynamoRepositories) => Repository): {
    setup: () => Promise<Repository>
    teardown: () => Promise<void>
  } {
    let opened: TestConnection | undefined
    return {
      setup: async () => {
        opened = await openConnection(engine, allTables)
        return pick(createDynamoRepositories(opened.connection))
      },
      teardown: async () => opened?.close(),
    }
  }

  // Engines with an expiry of their own remove what is old by their clock.
  const now = new Date()
  contracts.agentUploadAttempts({ ...over(({ agentUploadAttempts }) => agentUploadAttempts), now })
  contracts.agentUploads({
    ...over(({ agentUploads }) => agentUploads),
    claimsAtOnce: process.env['SUBNETKIT_SOAK'] === '1' ? 200 : 20,
  })
  contracts.bans(over(({ bans }) => bans))
  contracts.executionLogs({ ...over(({ executionLogs }) => executionLogs), now })
  contracts.locks(over(({ locks }) => locks))
  contracts.miners(over(({ miners }) => miners))
  contracts.minerScores({ ...over(({ minerScores }) => minerScores), now })
  contracts.outbox(over(({ outbox }) => outbox))
  contracts.requestNonces(over(({ requestNonces }) => requestNonces))
  contracts.retentionPolicies(over(({ retentionPolicies }) => retentionPolicies))
  contracts.samples(over(({ samples }) => samples))
  contracts.samplingTasks(over(({ samplingTasks }) => samplingTasks))
  contracts.systemConfig(over(({ systemConfig }) => systemConfig))
  contracts.weightCycles(over(({ weightCycles }) => weightCycles))
})

// The longest suite of all, and full of races: on the embedded engine in `npm test`, on each in the soak.
describeKillsOnEngines('the agent registry', (engine) => {
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
  contracts.agents({ ...all, uploadsAtOnce: process.env['SUBNETKIT_SOAK'] === '1' ? 200 : 30 })
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
