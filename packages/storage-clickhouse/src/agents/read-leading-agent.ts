import { agentSchema, agentVersionSchema, unitIntervalSchema } from '@subnetkit/core'
import type { CallOptions, LeadingAgent } from '@subnetkit/core'
import { z } from 'zod'

import { column } from '../codecs/column.ts'
import { rowReader, type RowReader } from '../codecs/row-codec.ts'
import type { ClickHouseConnection } from '../connection.ts'
import { readOne } from '../query/read-rows.ts'
import { from } from '../query/table-name.ts'
import { agentRow } from '../repositories/agent-rows.ts'
import { agentVersionRow } from '../repositories/agent-version-rows.ts'
import { checkParam } from '../repositories/check-param.ts'
import { evaluationRow } from '../repositories/evaluation-rows.ts'
import { signalOf } from '../repositories/key-condition.ts'
import { MEAN_SCORE } from './mean-score.ts'

const leaderReader: RowReader<LeadingAgent> = rowReader({
  label: 'leading agent',
  schema: z.strictObject({
    agentId: agentSchema.shape.agentId,
    minerHotkey: agentSchema.shape.minerHotkey,
    versionId: agentVersionSchema.shape.versionId,
    versionCreatedAt: agentVersionSchema.shape.createdAt,
    score: unitIntervalSchema,
  }),
  columns: {
    agentId: column.string(),
    minerHotkey: column.string(),
    versionId: column.string(),
    versionCreatedAt: column.dateTime64(),
    score: column.float64(),
  },
})

const minValidatorsSchema = z.int().min(1).max(1_000)

/**
 * One pass over the evaluations gives each version its mean, summed in the order of validators as the rule of core does;
 * versions and agents are joined to those that qualify, and a window puts the highest mean beside each of them.
 */
export async function readLeadingAgent(
  connection: ClickHouseConnection,
  { minValidators, tolerance }: Readonly<{ minValidators: number; tolerance: number }>,
  options: CallOptions | undefined,
): Promise<LeadingAgent | null> {
  checkParam('minValidators', minValidatorsSchema, minValidators)
  checkParam('tolerance', unitIntervalSchema, tolerance)
  return readOne(connection, leaderReader, {
    sql: `SELECT agent_id, miner_hotkey, version_id, created_at, mean
FROM (
  SELECT agent_id, miner_hotkey, version_id, created_at, mean, max(mean) OVER () AS best
  FROM (
    SELECT version_id, ${MEAN_SCORE} AS mean
    FROM ${from(connection, evaluationRow)} WHERE status = 'completed' AND score IS NOT NULL
    GROUP BY version_id HAVING uniqExact(validator_hotkey) >= {minValidators:UInt32}
  ) AS scored
  INNER JOIN (SELECT version_id, agent_id, created_at FROM ${from(connection, agentVersionRow)}) AS versions USING (version_id)
  INNER JOIN (SELECT agent_id, miner_hotkey FROM ${from(connection, agentRow)}) AS agents USING (agent_id)
)
WHERE mean >= (1 - {tolerance:Float64}) * best
ORDER BY created_at, version_id LIMIT 1`,
    params: { minValidators, tolerance },
    ...signalOf(options),
  })
}
