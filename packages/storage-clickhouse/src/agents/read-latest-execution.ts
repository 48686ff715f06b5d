import { uuidSchema, type AgentExecution, type CallOptions } from '@subnetkit/core'

import type { ClickHouseConnection } from '../connection.ts'
import { readOne } from '../query/read-rows.ts'
import { from } from '../query/table-name.ts'
import { agentVersionRow } from '../repositories/agent-version-rows.ts'
import { checkParam } from '../repositories/check-param.ts'
import { evaluationRow } from '../repositories/evaluation-rows.ts'
import { signalOf } from '../repositories/key-condition.ts'
import { executionReader, selectExecutions } from './execution-rows.ts'

/**
 * Chosen within the ranges of the agent's versions: running and scored ones together, the running in front, so that one
 * statement tries both steps.
 */
export async function readLatestExecution(
  connection: ClickHouseConnection,
  { agentId }: Readonly<{ agentId: string }>,
  options: CallOptions | undefined,
): Promise<AgentExecution | null> {
  checkParam('agentId', uuidSchema, agentId)
  const chosen = `
  SELECT {agentId:String} AS agent_id, version_id, evaluation_id
  FROM ${from(connection, evaluationRow)}
  WHERE version_id IN (SELECT version_id FROM ${from(connection, agentVersionRow)} WHERE agent_id = {agentId:String})
    AND (status = 'running' OR (status = 'completed' AND score IS NOT NULL))
  ORDER BY status = 'running' DESC, created_at DESC, evaluation_id DESC LIMIT 1
`
  return readOne(connection, executionReader, {
    sql: selectExecutions(connection, chosen),
    params: { agentId },
    ...signalOf(options),
  })
}
