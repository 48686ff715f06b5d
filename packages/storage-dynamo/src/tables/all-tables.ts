import { agentVersionsTable } from './agent-versions-table.ts'
import { agentUploadAttemptsTable } from './agent-upload-attempts-table.ts'
import { agentUploadsTable } from './agent-uploads-table.ts'
import { agentsTable } from './agents-table.ts'
import { bansTable } from './bans-table.ts'
import { conversationDictionariesTable } from './conversation-dictionaries-table.ts'
import { dataRetentionPolicyTable } from './data-retention-policy-table.ts'
import { importShardsTable } from './import-shards-table.ts'
import { evaluationRunsTable } from './evaluation-runs-table.ts'
import { evaluationsTable } from './evaluations-table.ts'
import { locksTable } from './locks-table.ts'
import { outboxTable } from './outbox-table.ts'
import { requestNoncesTable } from './request-nonces-table.ts'
import { sampleConversationsTable } from './sample-conversations-table.ts'
import { samplePresenceTable } from './sample-presence-table.ts'
import { sampleResultsTable } from './sample-results-table.ts'
import { executionLogsTable } from './execution-logs-table.ts'
import { minerMetadataTable } from './miner-metadata-table.ts'
import { scoreSnapshotsTable } from './score-snapshots-table.ts'
import { scoresTable } from './scores-table.ts'
import { systemConfigTable } from './system-config-table.ts'
import { taskQueueTable } from './task-queue-table.ts'
import { weightCyclesTable } from './weight-cycles-table.ts'
import { weightsHistoryTable } from './weights-history-table.ts'
import type { TableSpec } from './table-spec.ts'

/** Every table of our own repositories: what an app's init reconciles. */
export const allTables: readonly TableSpec[] = [
  agentVersionsTable,
  agentsTable,
  agentUploadAttemptsTable,
  agentUploadsTable,
  bansTable,
  evaluationRunsTable,
  evaluationsTable,
  conversationDictionariesTable,
  dataRetentionPolicyTable,
  importShardsTable,
  locksTable,
  outboxTable,
  requestNoncesTable,
  sampleConversationsTable,
  samplePresenceTable,
  sampleResultsTable,
  executionLogsTable,
  minerMetadataTable,
  scoreSnapshotsTable,
  scoresTable,
  systemConfigTable,
  taskQueueTable,
  weightCyclesTable,
  weightsHistoryTable,
]
