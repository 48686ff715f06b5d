import { uuidSchema, type CallOptions, type CountAgentRowsParams } from '@subnetkit/core'
import { z } from 'zod'

import type { ClickHouseConnection } from '../connection.ts'
import { from } from '../query/table-name.ts'
import { agentRow } from '../repositories/agent-rows.ts'
import { agentVersionRow } from '../repositories/agent-version-rows.ts'
import { checkParam } from '../repositories/check-param.ts'
import { evaluationRow } from '../repositories/evaluation-rows.ts'
import { evaluationRunRow } from '../repositories/evaluation-run-rows.ts'
import { FINAL_SETTINGS, signalOf } from '../repositories/key-condition.ts'
import { readCount } from '../repositories/read-count.ts'
import { weightsSnapshotRow } from '../repositories/weights-snapshot-rows.ts'

const idsSchema = z.array(uuidSchema).max(1_000)

/** Each table by the column that its key begins with, so that a thousand neighbouring ids are one small range of it. */
const tables = {
  agents: [agentRow, 'agent_id'],
  versions: [agentVersionRow, 'agent_id'],
  evaluations: [evaluationRow, 'version_id'],
  runs: [evaluationRunRow, 'evaluation_id'],
  snapshots: [weightsSnapshotRow, 'id'],
} as const

/** Counts the rows that belong to some ids. */
export async function countAgentRows(
  connection: ClickHouseConnection,
  { of, ids }: CountAgentRowsParams,
  options?: CallOptions,
): Promise<number> {
  checkParam('ids', idsSchema, ids)
  const [codec, column] = tables[of]
  const sql = `SELECT count() FROM ${from(connection, codec)} WHERE ${column} IN {ids:Array(String)}`
  return readCount(connection, { sql, params: { ids }, settings: FINAL_SETTINGS, ...signalOf(options) })
}
