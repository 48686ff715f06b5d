import type { AgentExecution, CallOptions } from '@subnetkit/core'

import type { ClickHouseConnection } from '../connection.ts'
import { readAll } from '../query/read-rows.ts'
import { from } from '../query/table-name.ts'
import { agentRow } from '../repositories/agent-rows.ts'
import { agentVersionRow } from '../repositories/agent-version-rows.ts'
import { checkLimit } from '../repositories/check-param.ts'
import { evaluationRow } from '../repositories/evaluation-rows.ts'
import { signalOf } from '../repositories/key-condition.ts'
import { executionReader, selectExecutions } from './execution-rows.ts'

/**
 * Chosen by one pass over the narrow columns of all evaluations: no key has their time in front. Those whose version or
 * agent is missing are left out before the cut, so that they take no place from others.
 */
export async function readRecentExecutions(
  connection: ClickHouseConnection,
  { limit }: Readonly<{ limit: number }>,
  options: CallOptions | undefined,
): Promise<readonly AgentExecution[]> {
  checkLimit(limit)
  const chosen = `
  SELECT agent_id, version_id, evaluation_id
  FROM (SELECT version_id, evaluation_id, created_at FROM ${from(connection, evaluationRow)}) AS evaluations
  INNER JOIN (
    SELECT version_id, agent_id FROM ${from(connection, agentVersionRow)}
    WHERE agent_id IN (SELECT agent_id FROM ${from(connection, agentRow)})
  ) AS versions USING (version_id)
  ORDER BY created_at DESC, evaluation_id DESC LIMIT {limit:UInt32}
`
  return readAll(connection, executionReader, {
    sql: selectExecutions(connection, chosen),
    params: { limit },
    ...signalOf(options),
  })
}
