import type { AgentExecution, CallOptions } from '@subnetkit/core'

import type { ClickHouseConnection } from '../connection.ts'
import { readAll } from '../query/read-rows.ts'
import { from, tableName } from '../query/table-name.ts'
import { agentRow } from '../repositories/agent-rows.ts'
import { agentVersionRow } from '../repositories/agent-version-rows.ts'
import { checkLimit } from '../repositories/check-param.ts'
import { evaluationRow } from '../repositories/evaluation-rows.ts'
import { signalOf } from '../repositories/key-condition.ts'
import { executionReader, selectExecutions } from './execution-rows.ts'

/** Above so many the whole table costs less than finding them. */
const FEW = 100

/** How many of the newest rows are looked at: an evaluation that has just changed may have several. */
const lookedAt = (limit: number): number => 3 * limit + 10

/**
 * A short list is chosen among the newest rows, which an index finds: an evaluation keeps its time, so rows that were
 * replaced do no harm. When the registry holds fewer, or some of the newest lack their version or agent, a second
 * statement chooses by one pass over the narrow columns of all evaluations; it leaves those that lack something out before
 * the cut, so that they take no place from others.
 */
export async function readRecentExecutions(
  connection: ClickHouseConnection,
  { limit }: Readonly<{ limit: number }>,
  options: CallOptions | undefined,
): Promise<readonly AgentExecution[]> {
  checkLimit(limit)
  if (limit <= FEW) {
    const found = await readAll(connection, executionReader, {
      sql: selectExecutions(connection, chooseAmongNewest(connection)),
      params: { limit, lookedAt: lookedAt(limit) },
      ...signalOf(options),
    })
    if (found.length === limit) return found
  }
  return readAll(connection, executionReader, {
    sql: selectExecutions(connection, chooseAmongAll(connection)),
    params: { limit },
    ...signalOf(options),
  })
}

function chooseAmongNewest(connection: ClickHouseConnection): string {
  const newest = `SELECT version_id, evaluation_id, created_at FROM ${tableName(connection, evaluationRow)}
    ORDER BY created_at DESC, evaluation_id DESC LIMIT {lookedAt:UInt32}`
  return choose(
    `SELECT DISTINCT * FROM (${newest})`,
    `SELECT version_id, agent_id FROM ${from(connection, agentVersionRow)} WHERE version_id IN (SELECT version_id FROM (${newest}))`,
  )
}

function chooseAmongAll(connection: ClickHouseConnection): string {
  return choose(
    `SELECT version_id, evaluation_id, created_at FROM ${from(connection, evaluationRow)}`,
    `SELECT version_id, agent_id FROM ${from(connection, agentVersionRow)}
    WHERE agent_id IN (SELECT agent_id FROM ${from(connection, agentRow)})`,
  )
}

function choose(evaluations: string, versions: string): string {
  return `
  SELECT agent_id, version_id, evaluation_id
  FROM (${evaluations}) AS evaluations
  INNER JOIN (${versions}) AS versions USING (version_id)
  ORDER BY created_at DESC, evaluation_id DESC LIMIT {limit:UInt32}
`
}
