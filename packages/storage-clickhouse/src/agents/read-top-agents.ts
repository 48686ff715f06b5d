import { agentSchema, agentVersionSchema, type CallOptions, type TopAgent } from '@subnetkit/core'
import { z } from 'zod'

import { column } from '../codecs/column.ts'
import { rowReader, type RowReader } from '../codecs/row-codec.ts'
import type { ClickHouseConnection } from '../connection.ts'
import { readAll } from '../query/read-rows.ts'
import { from, tableName } from '../query/table-name.ts'
import { agentRow } from '../repositories/agent-rows.ts'
import { agentVersionRankRow } from '../repositories/agent-version-rank-rows.ts'
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

/** Above so many agents the whole table costs less than finding them. */
const FEW = 100

/** How many of the best rows are looked at: many agents have other versions that are as good, or were once. */
const lookedAt = (limit: number): number => 4 * limit + 20

const ORDER = 'rank DESC, version_created_at, agent_id'

/**
 * Of each agent one version is kept, the largest by (scored, time, id). Agents without versions have no group and so no row.
 *
 * For a short list that is done for some agents only. `best` are the highest rows that there are, found by an index; rows
 * that were replaced may be among them. Their agents are ranked by what they are now. Whoever has no row in `best` comes
 * after its last one, so those before it are `certain`. When these are too few, or one has lost its agent, a second
 * statement ranks all.
 */
export async function readTopAgents(
  connection: ClickHouseConnection,
  { limit }: Readonly<{ limit: number }>,
  options: CallOptions | undefined,
): Promise<readonly TopAgent[]> {
  checkLimit(limit)
  if (limit <= FEW) {
    const found = await readAll(connection, topAgentReader, {
      sql: `${withCertain(connection)}
${select(
  connection,
  'SELECT arrayJoin(certain) AS row, row.1 AS agent_id, row.2 AS version_id, row.3 AS version_num, row.4 AS version_created_at, row.5 AS rank',
  'WHERE agent_id IN (SELECT arrayJoin(certain).1)',
)}`,
      params: { limit, lookedAt: lookedAt(limit) },
      ...signalOf(options),
    })
    if (found.length === limit) return found
  }
  return readAll(connection, topAgentReader, {
    sql: select(connection, selectRanked(connection, ''), ''),
    params: { limit },
    ...signalOf(options),
  })
}

function withCertain(connection: ClickHouseConnection): string {
  return `WITH
  (
    SELECT (groupUniqArray(agent_id), max((-rank, created_at, agent_id)))
    FROM (
      SELECT agent_id, rank, created_at FROM ${tableName(connection, agentVersionRankRow)}
      ORDER BY rank DESC, created_at, agent_id LIMIT {lookedAt:UInt32}
    )
  ) AS best,
  (
    SELECT groupArray(tuple(*))
    FROM (
      SELECT * FROM (${selectRanked(connection, 'WHERE agent_id IN (SELECT arrayJoin(best.1))')})
      WHERE (-rank, version_created_at, agent_id) <= best.2 ORDER BY ${ORDER} LIMIT {limit:UInt32}
    )
  ) AS certain`
}

function selectRanked(connection: ClickHouseConnection, where: string): string {
  return `SELECT agent_id, shown.1 AS version_id, shown.2 AS version_num, shown.3 AS version_created_at, shown.4 AS rank
FROM (
  SELECT agent_id, argMax((version_id, version_num, created_at, rank), (rank >= 0, created_at, version_id)) AS shown
  FROM ${from(connection, agentVersionRankRow)} ${where} GROUP BY agent_id
)`
}

function select(connection: ClickHouseConnection, ranked: string, where: string): string {
  return `SELECT agent_id, miner_hotkey, name, version_id, version_num, version_created_at, if(rank < 0, NULL, rank)
FROM (${ranked}) AS ranked
INNER JOIN (SELECT agent_id, miner_hotkey, name FROM ${from(connection, agentRow)} ${where}) AS agents USING (agent_id)
ORDER BY ${ORDER} LIMIT {limit:UInt32}`
}
