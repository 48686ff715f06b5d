import { agentSchema, agentVersionSchema, type CallOptions, type TopAgent } from '@subnetkit/core'
import { z } from 'zod'

import { column } from '../codecs/column.ts'
import { rowReader, type RowReader } from '../codecs/row-codec.ts'
import type { ClickHouseConnection } from '../connection.ts'
import { readAll } from '../query/read-rows.ts'
import { from } from '../query/table-name.ts'
import { agentRow } from '../repositories/agent-rows.ts'
import { agentVersionRow } from '../repositories/agent-version-rows.ts'
import { checkLimit } from '../repositories/check-param.ts'
import { signalOf } from '../repositories/key-condition.ts'

const version = agentVersionSchema.shape

const topAgentReader: RowReader<TopAgent> = rowReader({
  label: 'top agents',
  schema: z.strictObject({
    agentId: agentSchema.shape.agentId,
    minerHotkey: agentSchema.shape.minerHotkey,
    name: agentSchema.shape.name,
    versionId: version.versionId,
    versionNum: version.versionNum,
    versionCreatedAt: version.createdAt,
    score: version.score,
  }),
  columns: {
    agentId: column.string(),
    minerHotkey: column.string(),
    name: column.string(),
    versionId: column.string(),
    versionNum: column.uint32(),
    versionCreatedAt: column.dateTime64(),
    score: column.nullable(column.float64()),
  },
})

/**
 * One pass over the versions keeps one of each agent: the largest by (scored, time, id), as a whole tuple, since argMax
 * over a nullable column alone would skip nulls. Agents without versions have no group and so no row.
 */
export async function readTopAgents(
  connection: ClickHouseConnection,
  { limit }: Readonly<{ limit: number }>,
  options: CallOptions | undefined,
): Promise<readonly TopAgent[]> {
  checkLimit(limit)
  return readAll(connection, topAgentReader, {
    sql: `SELECT agent_id, miner_hotkey, name, shown.1, shown.2, shown.3, shown.4
FROM (
  SELECT agent_id, argMax((version_id, version_num, created_at, score), (score IS NOT NULL, created_at, version_id)) AS shown
  FROM ${from(connection, agentVersionRow)} GROUP BY agent_id
) AS versions
INNER JOIN (SELECT agent_id, miner_hotkey, name FROM ${from(connection, agentRow)}) AS agents USING (agent_id)
ORDER BY shown.4 IS NULL, shown.4 DESC, shown.3, agent_id LIMIT {limit:UInt32}`,
    params: { limit },
    ...signalOf(options),
  })
}
