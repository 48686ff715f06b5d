import { agentSchema, agentVersionSchema, hotkeySchema, uuidSchema } from '@subnetkit/core'
import type { AgentSummary, CallOptions } from '@subnetkit/core'
import { z } from 'zod'

import { column } from '../codecs/column.ts'
import { rowReader } from '../codecs/row-codec.ts'
import type { ClickHouseConnection } from '../connection.ts'
import type { QueryParams } from '../query-params.ts'
import { readOne } from '../query/read-rows.ts'
import { from } from '../query/table-name.ts'
import { agentColumns, agentRow } from '../repositories/agent-rows.ts'
import { agentVersionColumns, agentVersionRow } from '../repositories/agent-version-rows.ts'
import { checkParam } from '../repositories/check-param.ts'
import { evaluationRow } from '../repositories/evaluation-rows.ts'
import { signalOf } from '../repositories/key-condition.ts'
import { MEAN_SCORE } from './mean-score.ts'

const summaryReader = rowReader({
  label: 'agent summary',
  schema: z.strictObject({ ...agentSchema.shape, versions: z.array(agentVersionSchema) }),
  columns: { ...agentColumns, versions: column.array(column.tuple(agentVersionColumns)) },
})

/**
 * The agent first: its id becomes one constant. Then the range of its versions, and the ranges of their evaluations, joined.
 * An agent without versions finds no partner, and its empty list.
 */
export async function readAgentSummary(
  connection: ClickHouseConnection,
  params: Readonly<{ agentId: string } | { minerHotkey: string }>,
  options: CallOptions | undefined,
): Promise<AgentSummary | null> {
  const { id, values } = askedAgent(connection, params)
  const versions = from(connection, agentVersionRow)
  const row = await readOne(connection, summaryReader, {
    sql: `WITH ${id} AS asked
SELECT ${agentRow.columnList}, versions
FROM (SELECT ${agentRow.columnList} FROM ${from(connection, agentRow)} WHERE agent_id = asked) AS agent
LEFT JOIN (
  SELECT agent_id, arrayReverseSort(version -> (version.3, version.1), groupArray((version_id, agent_id, version_num, created_at, ifNull(mean, score)))) AS versions
  FROM (SELECT version_id, agent_id, version_num, created_at, score FROM ${versions} WHERE agent_id = asked) AS stored
  LEFT JOIN (
    SELECT version_id, ${MEAN_SCORE} AS mean FROM ${from(connection, evaluationRow)}
    WHERE version_id IN (SELECT version_id FROM ${versions} WHERE agent_id = asked) AND status = 'completed' AND score IS NOT NULL
    GROUP BY version_id
  ) AS evaluated USING (version_id)
  GROUP BY agent_id
) AS own USING (agent_id)`,
    params: values,
    ...signalOf(options),
  })
  if (row === null) return null
  const { versions: found, ...agent } = row
  return { agent, versions: found }
}

/** The agent's id as an expression; of a hotkey's several agents the one that holds it, of an unknown hotkey no id at all. */
function askedAgent(
  connection: ClickHouseConnection,
  params: Readonly<{ agentId: string } | { minerHotkey: string }>,
): Readonly<{ id: string; values: QueryParams }> {
  if ('agentId' in params) {
    checkParam('agentId', uuidSchema, params.agentId)
    return { id: '{agentId:String}', values: { agentId: params.agentId } }
  }
  checkParam('minerHotkey', hotkeySchema, params.minerHotkey)
  const holder = `SELECT agent_id FROM ${from(connection, agentRow)} WHERE miner_hotkey = {minerHotkey:String} ORDER BY created_at, agent_id LIMIT 1`
  return { id: `ifNull((${holder}), '')`, values: { minerHotkey: params.minerHotkey } }
}
