import {
  agentSchema,
  agentVersionSchema,
  evaluationRunSchema,
  evaluationSchema,
  toColumn,
  type AgentExecution,
} from '@subnetkit/core'
import { z } from 'zod'

import { column } from '../codecs/column.ts'
import { rowReader, type RowCodec, type RowReader } from '../codecs/row-codec.ts'
import type { ClickHouseConnection } from '../connection.ts'
import { from } from '../query/table-name.ts'
import { quoteIdentifier } from '../quote-identifier.ts'
import { agentColumns, agentRow } from '../repositories/agent-rows.ts'
import { agentVersionColumns, agentVersionRow } from '../repositories/agent-version-rows.ts'
import { evaluationColumns, evaluationRow } from '../repositories/evaluation-rows.ts'
import { evaluationRunColumns, evaluationRunRow } from '../repositories/evaluation-run-rows.ts'

/** One execution for each row: four parts, each a tuple of a table's columns. */
export const executionReader: RowReader<AgentExecution> = rowReader({
  label: 'executions',
  schema: z.strictObject({
    evaluation: evaluationSchema,
    agent: agentSchema,
    version: agentVersionSchema,
    runs: z.array(evaluationRunSchema),
  }),
  columns: {
    evaluation: column.tuple(evaluationColumns),
    agent: column.tuple(agentColumns),
    version: column.tuple(agentVersionColumns),
    runs: column.array(column.tuple(evaluationRunColumns)),
  },
})

/**
 * Executions in two steps. The first only chooses: `chosen` is a SELECT of `agent_id`, `version_id` and `evaluation_id`,
 * narrow columns without a single run. Its keys become one constant, which is why it is computed once, although four
 * tables ask for it: each then reads the few ranges of its primary key that hold them. So runs of other evaluations cost
 * nothing, and runs come as one array for each evaluation, whatever their number. The join leaves an evaluation out
 * whose version or agent is not there yet.
 */
export function selectExecutions(connection: ClickHouseConnection, chosen: string): string {
  const table = <Row>(codec: RowCodec<Row>): string =>
    `SELECT ${codec.columnList} FROM ${from(connection, codec)} WHERE`
  const startedAt = positionOf(evaluationRunRow, 'startedAt')
  const runId = positionOf(evaluationRunRow, 'runId')
  return `WITH (SELECT groupArray((agent_id, version_id, evaluation_id)) FROM (${chosen})) AS chosen
SELECT ${tupleOf('evaluation', evaluationRow)}, ${tupleOf('agent', agentRow)}, ${tupleOf('version', agentVersionRow)}, own.runs
FROM (${table(evaluationRow)} (version_id, evaluation_id) IN (SELECT arrayJoin(arrayMap(key -> (key.2, key.3), chosen)))) AS evaluation
INNER JOIN (${table(agentVersionRow)} (agent_id, version_id) IN (SELECT arrayJoin(arrayMap(key -> (key.1, key.2), chosen)))) AS version
  ON version.version_id = evaluation.version_id
INNER JOIN (${table(agentRow)} agent_id IN (SELECT arrayJoin(chosen).1)) AS agent ON agent.agent_id = version.agent_id
LEFT JOIN (
  SELECT evaluation_id, arraySort(run -> (run.${startedAt}, run.${runId}), groupArray((${evaluationRunRow.columnList}))) AS runs
  FROM ${from(connection, evaluationRunRow)} WHERE evaluation_id IN (SELECT arrayJoin(chosen).3) GROUP BY evaluation_id
) AS own ON own.evaluation_id = evaluation.evaluation_id
ORDER BY evaluation.created_at DESC, evaluation.evaluation_id DESC`
}

function tupleOf<Row>(table: string, { fields }: RowCodec<Row>): string {
  return `(${fields.map((field) => `${table}.${quoteIdentifier(toColumn(field))}`).join(', ')})`
}

/** Where a field stands in its table's tuple, from 1. */
function positionOf<Row>({ fields }: RowCodec<Row>, field: keyof Row & string): number {
  return fields.indexOf(field) + 1
}
