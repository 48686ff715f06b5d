import { agentVersionSchema, countSchema, instantSchema } from '@subnetkit/core'
import type { AgentStatistics, CallOptions } from '@subnetkit/core'
import { z } from 'zod'

import { column } from '../codecs/column.ts'
import { rowReader, type RowReader } from '../codecs/row-codec.ts'
import type { ClickHouseConnection } from '../connection.ts'
import { readOne } from '../query/read-rows.ts'
import { from } from '../query/table-name.ts'
import { agentVersionRow } from '../repositories/agent-version-rows.ts'
import { checkParam } from '../repositories/check-param.ts'
import { signalOf } from '../repositories/key-condition.ts'
import { WINDOW_MS } from './weights-window.ts'

const statisticsReader: RowReader<AgentStatistics> = rowReader({
  label: 'agent statistics',
  schema: z.strictObject({
    versions: countSchema,
    versionsLastDay: countSchema,
    topScore: agentVersionSchema.shape.score,
    dailyScoreImprovement: z.number().min(0).max(1),
  }),
  columns: {
    versions: column.uint64Number(),
    versionsLastDay: column.uint64Number(),
    topScore: column.nullable(column.float64()),
    dailyScoreImprovement: column.float64(),
  },
})

const NONE: AgentStatistics = { versions: 0, versionsLastDay: 0, topScore: null, dailyScoreImprovement: 0 }

/** One pass over three narrow columns of the versions. A highest score of no rows is null, and counts as 0 only in the difference. */
export async function readAgentStatistics(
  connection: ClickHouseConnection,
  { now }: Readonly<{ now: Date }>,
  options: CallOptions | undefined,
): Promise<AgentStatistics> {
  checkParam('now', instantSchema, now)
  const found = await readOne(connection, statisticsReader, {
    sql: `SELECT count(), countIf(created_at >= {from:DateTime64(3, 'UTC')}), max(score) AS top, ifNull(top, 0) - ifNull(maxIf(score, created_at < {from:DateTime64(3, 'UTC')}), 0)
FROM ${from(connection, agentVersionRow)} WHERE created_at <= {now:DateTime64(3, 'UTC')}`,
    params: { now, from: new Date(now.getTime() - WINDOW_MS) },
    ...signalOf(options),
  })
  return found ?? NONE
}
