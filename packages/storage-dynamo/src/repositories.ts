import type { Repositories } from '@subnetkit/core'

import type { DynamoConnection } from './connect.ts'
import { createAgentRows } from './repositories/create-agent-rows.ts'
import { createEvaluationOutbox } from './repositories/create-evaluation-outbox.ts'
import { DynamoAgentRepository } from './repositories/dynamo-agent-repository.ts'
import { DynamoAgentUploadAttemptRepository } from './repositories/dynamo-agent-upload-attempt-repository.ts'
import { DynamoAgentUploadRepository } from './repositories/dynamo-agent-upload-repository.ts'
import { DynamoAgentVersionRepository } from './repositories/dynamo-agent-version-repository.ts'
import { DynamoBanRepository } from './repositories/dynamo-ban-repository.ts'
import { DynamoEvaluationRepository } from './repositories/dynamo-evaluation-repository.ts'
import { DynamoEvaluationRunRepository } from './repositories/dynamo-evaluation-run-repository.ts'
import { DynamoOutboxRepository } from './repositories/dynamo-outbox-repository.ts'
import { DynamoRequestNonceRepository } from './repositories/dynamo-request-nonce-repository.ts'
import { DynamoRetentionPolicyRepository } from './repositories/dynamo-retention-policy-repository.ts'
import { DynamoSampleRepository } from './repositories/dynamo-sample-repository.ts'
import { DynamoExecutionLogRepository } from './repositories/dynamo-execution-log-repository.ts'
import { DynamoLockRepository } from './repositories/dynamo-lock-repository.ts'
import { DynamoMinerRepository } from './repositories/dynamo-miner-repository.ts'
import { DynamoMinerScoreRepository } from './repositories/dynamo-miner-score-repository.ts'
import { DynamoSamplingTaskRepository } from './repositories/dynamo-sampling-task-repository.ts'
import { DynamoSystemConfigRepository } from './repositories/dynamo-system-config-repository.ts'
import { DynamoWeightCycleRepository } from './repositories/dynamo-weight-cycle-repository.ts'
import { DynamoWeightsSnapshotRepository } from './repositories/dynamo-weights-snapshot-repository.ts'
import { StoredEvaluations } from './repositories/stored-evaluations.ts'
import { StoredRuns } from './repositories/stored-runs.ts'
import { StoredVersions } from './repositories/stored-versions.ts'

/** The aggregates that live in DynamoDB. */
export type DynamoRepositories = Pick<
  Repositories,
  | 'agentRows'
  | 'agents'
  | 'agentUploadAttempts'
  | 'agentUploads'
  | 'agentVersions'
  | 'bans'
  | 'evaluationOutbox'
  | 'evaluationRuns'
  | 'evaluations'
  | 'outbox'
  | 'requestNonces'
  | 'retentionPolicies'
  | 'samples'
  | 'executionLogs'
  | 'locks'
  | 'miners'
  | 'minerScores'
  | 'samplingTasks'
  | 'systemConfig'
  | 'weightCycles'
  | 'weightsSnapshots'
>

/** All repositories over one connection. Sends nothing; the connection stays the caller's to close. */
export function createDynamoRepositories(connection: DynamoConnection): DynamoRepositories {
  const agents = new DynamoAgentRepository(connection)
  const versions = new StoredVersions(connection)
  const agentVersions = new DynamoAgentVersionRepository(connection, versions, agents)
  const runs = new StoredRuns(connection)
  const evaluations = new StoredEvaluations(connection, runs, versions)
  return {
    agentRows: createAgentRows(connection),
    agents,
    agentVersions,
    agentUploadAttempts: new DynamoAgentUploadAttemptRepository(connection),
    agentUploads: new DynamoAgentUploadRepository(connection),
    bans: new DynamoBanRepository(connection),
    evaluationOutbox: createEvaluationOutbox(connection),
    evaluationRuns: new DynamoEvaluationRunRepository(connection, runs, evaluations),
    evaluations: new DynamoEvaluationRepository(connection, evaluations, agentVersions),
    outbox: new DynamoOutboxRepository(connection),
    requestNonces: new DynamoRequestNonceRepository(connection),
    retentionPolicies: new DynamoRetentionPolicyRepository(connection),
    samples: new DynamoSampleRepository(connection),
    executionLogs: new DynamoExecutionLogRepository(connection),
    locks: new DynamoLockRepository(connection),
    miners: new DynamoMinerRepository(connection),
    minerScores: new DynamoMinerScoreRepository(connection),
    samplingTasks: new DynamoSamplingTaskRepository(connection),
    systemConfig: new DynamoSystemConfigRepository(connection),
    weightCycles: new DynamoWeightCycleRepository(connection),
    weightsSnapshots: new DynamoWeightsSnapshotRepository(connection),
  }
}
