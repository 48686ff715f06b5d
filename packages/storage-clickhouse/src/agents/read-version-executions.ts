import { uuidSchema, type AgentExecution, type CallOptions } from '@subnetkit/core'

import type { ClickHouseConnection } from '../connection.ts'
import { readAll } from '../query/read-rows.ts'
import { from } from '../query/table-name.ts'
import { agentVersionRow } from '../repositories/agent-version-rows.ts'
import { checkParam } from '../repositories/check-param.ts'
import { evaluationRow } from '../repositories/evaluation-rows.ts'
import { signalOf } from '../repositories/key-condition.ts'
import { executionReader, selectExecutions } from './execution-rows.ts'

/** Chosen by one range of evaluations; an index finds the version, which names the agent. */
export async function readVersionExecutions(
  connection: ClickHouseConnection,
  { versionId }: Readonly<{ versionId: string }>,
  options: CallOptions | undefined,
): Promise<readonly AgentExecution[]> {
  checkParam('versionId', uuidSchema, versionId)
  const chosen = `
  SELECT agent_id, version_id, evaluation_id
  FROM (SELECT version_id, evaluation_id FROM ${from(connection, evaluationRow)} WHERE version_id = {versionId:String}) AS evaluations
  INNER JOIN (
    SELECT version_id, agent_id FROM ${from(connection, agentVersionRow)} WHERE version_id = {versionId:String}
  ) AS versions USING (version_id)
`
  return readAll(connection, executionReader, {
    sql: selectExecutions(connection, chosen),
    params: { versionId },
    ...signalOf(options),
  })
}
