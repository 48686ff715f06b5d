import type { AddressLabelRepository } from './address-label-repository.ts'
import type { AgentAnalysisRepository } from './agent-analysis-repository.ts'
import type { AgentRecordRepository } from './agent-record-repository.ts'
import type { AgentRepository } from './agent-repository.ts'
import type { AgentRowsRepository } from './agent-rows-repository.ts'
import type { AgentUploadAttemptRepository } from './agent-upload-attempt-repository.ts'
import type { AgentUploadRepository } from './agent-upload-repository.ts'
import type { AgentVersionRepository } from './agent-version-repository.ts'
import type { AlertClusterRepository } from './alert-cluster-repository.ts'
import type { AlertRankingRepository } from './alert-ranking-repository.ts'
import type { AlertRepository } from './alert-repository.ts'
import type { AlertScoreRepository } from './alert-score-repository.ts'
import type { BanRepository } from './ban-repository.ts'
import type { BaselineRepository } from './baseline-repository.ts'
import type { BatchRepository } from './batch-repository.ts'
import type { BenchmarkEpochRepository } from './benchmark-epoch-repository.ts'
import type { BenchmarkRunRepository } from './benchmark-run-repository.ts'
import type { BenchmarkScoreRepository } from './benchmark-score-repository.ts'
import type { ChainSnapshotRepository } from './chain-snapshot-repository.ts'
import type { ClusterScoreRepository } from './cluster-score-repository.ts'
import type { EvaluationOutboxRepository } from './evaluation-outbox-repository.ts'
import type { EvaluationRepository } from './evaluation-repository.ts'
import type { EvaluationRunRepository } from './evaluation-run-repository.ts'
import type { ExecutionLogRepository } from './execution-log-repository.ts'
import type { FeatureRepository } from './feature-repository.ts'
import type { LockRepository } from './lock-repository.ts'
import type { MinerDatabaseRepository } from './miner-database-repository.ts'
import type { MinerOutputRepository } from './miner-output-repository.ts'
import type { MinerPerformanceRepository } from './miner-performance-repository.ts'
import type { MinerRepository } from './miner-repository.ts'
import type { MinerScoreRepository } from './miner-score-repository.ts'
import type { MinerWeightTraceRepository } from './miner-weight-trace-repository.ts'
import type { MoneyFlowRepository } from './money-flow-repository.ts'
import type { OutboxRepository } from './outbox-repository.ts'
import type { RequestNonceRepository } from './request-nonce-repository.ts'
import type { RetentionPolicyRepository } from './retention-policy-repository.ts'
import type { RowExportRepository } from './row-export-repository.ts'
import type { SampleRepository } from './sample-repository.ts'
import type { SamplingTaskRepository } from './sampling-task-repository.ts'
import type { SnapshotImportRepository } from './snapshot-import-repository.ts'
import type { SnapshotRepository } from './snapshot-repository.ts'
import type { SubmissionRepository } from './submission-repository.ts'
import type { SystemConfigRepository } from './system-config-repository.ts'
import type { TaskScoreRepository } from './task-score-repository.ts'
import type { TournamentParticipantRepository } from './tournament-participant-repository.ts'
import type { TournamentRepository } from './tournament-repository.ts'
import type { TournamentResultRepository } from './tournament-result-repository.ts'
import type { TransferRepository } from './transfer-repository.ts'
import type { WeightCycleRepository } from './weight-cycle-repository.ts'
import type { WeightsSnapshotRepository } from './weights-snapshot-repository.ts'

/**
 * Every aggregate there is. An adapter returns a `Pick` of those it keeps; an app that asks for one which its adapter
 * lacks fails to compile, in its `compose.ts`.
 */
export interface Repositories {
  readonly addressLabels: AddressLabelRepository
  readonly agentAnalyses: AgentAnalysisRepository
  readonly agentRecords: AgentRecordRepository
  readonly agentRows: AgentRowsRepository
  readonly agents: AgentRepository
  readonly agentUploadAttempts: AgentUploadAttemptRepository
  readonly agentUploads: AgentUploadRepository
  readonly agentVersions: AgentVersionRepository
  readonly alertClusters: AlertClusterRepository
  readonly alertRankings: AlertRankingRepository
  readonly alerts: AlertRepository
  readonly alertScores: AlertScoreRepository
  readonly bans: BanRepository
  readonly baselines: BaselineRepository
  readonly batches: BatchRepository
  readonly benchmarkEpochs: BenchmarkEpochRepository
  readonly benchmarkRuns: BenchmarkRunRepository
  readonly benchmarkScores: BenchmarkScoreRepository
  readonly chainSnapshots: ChainSnapshotRepository
  readonly clusterScores: ClusterScoreRepository
  readonly evaluationOutbox: EvaluationOutboxRepository
  readonly evaluationRuns: EvaluationRunRepository
  readonly evaluations: EvaluationRepository
  readonly executionLogs: ExecutionLogRepository
  readonly features: FeatureRepository
  readonly locks: LockRepository
  readonly minerDatabases: MinerDatabaseRepository
  readonly minerOutputs: MinerOutputRepository
  readonly minerPerformances: MinerPerformanceRepository
  readonly miners: MinerRepository
  readonly minerScores: MinerScoreRepository
  readonly minerWeightTraces: MinerWeightTraceRepository
  readonly moneyFlows: MoneyFlowRepository
  readonly outbox: OutboxRepository
  readonly requestNonces: RequestNonceRepository
  readonly retentionPolicies: RetentionPolicyRepository
  readonly rowExports: RowExportRepository
  readonly samples: SampleRepository
  readonly samplingTasks: SamplingTaskRepository
  readonly snapshotImports: SnapshotImportRepository
  readonly snapshots: SnapshotRepository
  readonly submissions: SubmissionRepository
  readonly systemConfig: SystemConfigRepository
  readonly taskScores: TaskScoreRepository
  readonly tournamentParticipants: TournamentParticipantRepository
  readonly tournamentResults: TournamentResultRepository
  readonly tournaments: TournamentRepository
  readonly transfers: TransferRepository
  readonly weightCycles: WeightCycleRepository
  readonly weightsSnapshots: WeightsSnapshotRepository
}
