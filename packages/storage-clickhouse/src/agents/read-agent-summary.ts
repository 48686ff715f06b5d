import { agentSchema, agentVersionSchema, hotkeySchema, uuidSchema } from '@subnetkit/core'
import type { AgentSummary, CallOptions } from '@subnetkit/core'
import { z } from 'zod'

import { column } from '../codecs/column.ts'
import { rowReader } from '../codecs/row-codec.ts'
import type { ClickHouseConnection } from '../connection.ts'
import { readOne } from '../query/read-rows.ts'
import { from } from '../query/table-name.ts'
import { agentColumns, agentRow } from '../repositories/agent-rows.ts'
import { agentVersionColumns, agentVersionRow } from '../repositories/agent-version-rows.ts'
import { checkParam } from '../repositories/check-param.ts'
import { evaluationRow } from '../repositories/evaluation-rows.ts'
import { signalOf, type Condition } from '../repositories/key-condition.ts'

const summaryReader = rowReader({
  label: 'agent summary',
  schema: z.strictObject({ ...agentSchema.shape, versions: z.array(agentVersionSchema) }),
  columns: { ...agentColumns, versions: column.array(column.tuple(agentVersionColumns)) },
})

/**
 * The agent first, then the range of its versions, then the ranges of their evaluations: three short reads by key,
 * joined. Scores are summed in the order of validators, as the rule of core does.
 */
export async function readAgentSummary(
  connection: ClickHouseConnection,
  params: Readonly<{ agentId: string } | { minerHotkey: string }>,
  options: CallOptions | undefined,
): Promise<AgentSummary | null> {
  const { where, params: values } = agentCondition(params)
  const versions = from(connection, agentVersionRow)
  const row = await readOne(connection, summaryReader, {
    sql: `WITH asked AS (
  SELECT ${agentRow.columnList} FROM ${from(connection, agentRow)} WHERE ${where} ORDER BY created_at, agent_id LIMIT 1
)
SELECT ${agentRow.columnList}, versions FROM asked
LEFT JOIN (
  SELECT agent_id, arrayReverseSort(version -> (version.3, version.1), groupArray((version_id, agent_id, version_num, created_at, ifNull(mean, score)))) AS versions
  FROM (
    SELECT version_id, agent_id, version_num, created_at, score FROM ${versions} WHERE agent_id IN (SELECT agent_id FROM asked)
  ) AS stored
  LEFT JOIN (
    SELECT version_id, arrayAvg(arrayMap(scored -> scored.2, arraySort(groupArray((validator_hotkey, assumeNotNull(score)))))) AS mean
    FROM ${from(connection, evaluationRow)}
    WHERE version_id IN (SELECT version_id FROM ${versions} WHERE agent_id IN (SELECT agent_id FROM asked))
      AND status = 'completed' AND score IS NOT NULL
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

function agentCondition(params: Readonly<{ agentId: string } | { minerHotkey: string }>): Condition {
  if ('agentId' in params) {
    checkParam('agentId', uuidSchema, params.agentId)
    return { where: 'agent_id = {agentId:String}', params: { agentId: params.agentId } }
  }
  checkParam('minerHotkey', hotkeySchema, params.minerHotkey)
  return { where: 'miner_hotkey = {minerHotkey:String}', params: { minerHotkey: params.minerHotkey } }
}
