import {
  agentsTable,
  agentVersionsTable,
  evaluationRunsTable,
  evaluationsTable,
  weightsHistoryTable,
  type TableSpec,
} from '../src/index.ts'

/** What the agent registry is kept in. */
export const agentTables: readonly TableSpec[] = [
  agentsTable,
  agentVersionsTable,
  evaluationRunsTable,
  evaluationsTable,
  weightsHistoryTable,
]
