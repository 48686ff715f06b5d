import type { Agent, AgentVersion, Evaluation, EvaluationRun, WeightsSnapshot } from '@subnetkit/core'

import type { DumpIndex } from './dump-index.ts'
import type { DumpTable } from './dump-tables.ts'
import type { DumpTimes } from './parse-timestamp.ts'
import { readAgent, readEvaluation, readRun, readVersion, type RunOptions } from './read-rows.ts'
import { readSnapshot, type WeightKeys } from './read-snapshot.ts'
import { settleRun } from './settle-evaluation.ts'

/** How rows of one table are read and judged. */
export interface TableImport<Row> {
  readonly table: DumpTable
  /** @throws RowProblem for what no model can hold. */
  readonly read: (values: readonly unknown[]) => Row
  /** Tells the index of it, before any row of the table is judged. */
  readonly note: (row: Row, line: number) => void
  /** The row as it is imported. @throws RowProblem for what does not go with other rows. */
  readonly judge: (row: Row, line: number) => Row
  readonly id: (row: Row) => string
}

/** How a dump is read. */
export type TableImportOptions = DumpTimes & RunOptions & WeightKeys

/** All of a dump's tables. */
export interface TableImports {
  readonly agents: TableImport<Agent>
  readonly versions: TableImport<AgentVersion>
  readonly evaluations: TableImport<Evaluation>
  readonly runs: TableImport<EvaluationRun>
  readonly snapshots: TableImport<WeightsSnapshot>
}

/** The tables of a dump, whose rows know each other by an index. */
export function createTableImports(index: DumpIndex, options: TableImportOptions): TableImports {
  return {
    agents: {
      table: 'agents',
      read: (values) => readAgent(values, options),
      note: (agent, line) => index.noteAgent(agent, line),
      judge: judged((agent, line) => index.judgeAgent(agent, line)),
      id: ({ agentId }) => agentId,
    },
    versions: {
      table: 'agent_versions',
      read: (values) => readVersion(values, options),
      note: (version, line) => index.noteVersion(version, line),
      judge: judged((version, line) => index.judgeVersion(version, line)),
      id: ({ versionId }) => versionId,
    },
    evaluations: {
      table: 'evaluations',
      read: (values) => readEvaluation(values, options),
      note: (evaluation, line) => index.noteEvaluation(evaluation, line),
      judge: judged((evaluation, line) => index.judgeEvaluation(evaluation, line)),
      id: ({ evaluationId }) => evaluationId,
    },
    runs: {
      table: 'evaluation_runs',
      read: (values) => readRun(values, options, options),
      note: () => undefined,
      judge: (run) => settleRun(run, index.evaluationOf(run.evaluationId)),
      id: ({ runId }) => runId,
    },
    snapshots: {
      table: 'weights_history',
      read: (values) => readSnapshot(values, options, options),
      note: (snapshot, line) => index.noteSnapshot(snapshot, line),
      judge: judged((snapshot, line) => index.judgeSnapshot(snapshot, line)),
      id: ({ id }) => id,
    },
  }
}

function judged<Row>(check: (row: Row, line: number) => void): (row: Row, line: number) => Row {
  return (row, line) => {
    check(row, line)
    return row
  }
}
