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
 * after its last one, so those before it are certain, and `found`. Where they do not suffice, the branch that reads
 * everything has its turn; otherwise its condition is a constant, and it reads nothing.
 */
export async function readTopAgents(
  connection: ClickHouseConnection,
  { limit }: Readonly<{ limit: number }>,
  options: CallOptions | undefined,
): Promise<readonly TopAgent[]> {
  checkLimit(limit)
  const rows = limit <= FEW ? selectFound(connection) : selectAll(connection, '')
  return readAll(connection, topAgentReader, {
    sql: `SELECT agent_id, miner_hotkey, name, version_id, version_num, version_created_at, if(rank < 0, NULL, rank)
FROM (${rows})
ORDER BY ${ORDER} LIMIT {limit:UInt32}`,
    params: limit <= FEW ? { limit, lookedAt: lookedAt(limit) } : { limit },
    ...signalOf(options),
  })
}

/** The certain ones where they suffice, and all others. Where `best` is everything, whatever is found suffices. */
function selectFound(connection: ClickHouseConnection): string {
  const ofBest = 'WHERE agent_id IN (SELECT arrayJoin(best.1))'
  return `WITH
  (
    SELECT (groupUniqArray(agent_id), if(count() < {lookedAt:UInt32}, (2, max(created_at), ''), max((-rank, created_at, agent_id))))
    FROM (
      SELECT agent_id, rank, created_at FROM ${tableName(connection, agentVersionRankRow)}
      ORDER BY rank DESC, created_at, agent_id LIMIT {lookedAt:UInt32}
    )
  ) AS best,
  (
    SELECT (groupArray(tuple(*)), count() >= {limit:UInt32} OR any(best.2.1) = 2)
    FROM (${selectAll(connection, ofBest)}) WHERE (-rank, version_created_at, agent_id) <= best.2
  ) AS found
SELECT row.1 AS agent_id, row.2 AS version_id, row.3 AS version_num, row.4 AS version_created_at, row.5 AS rank, row.6 AS miner_hotkey, row.7 AS name
FROM (
  SELECT arrayJoin(found.1) AS row WHERE found.2
  UNION ALL
  SELECT tuple(*) FROM (${selectAll(connection, 'WHERE NOT found.2')})
)`
}

function selectAll(connection: ClickHouseConnection, where: string): string {
  return `SELECT agent_id, shown.1 AS version_id, shown.2 AS version_num, shown.3 AS version_created_at, shown.4 AS rank, miner_hotkey, name
FROM (
  SELECT agent_id, argMax((version_id, version_num, created_at, rank), (rank >= 0, created_at, version_id)) AS shown
  FROM ${from(connection, agentVersionRankRow)} ${where} GROUP BY agent_id
) AS versions
INNER JOIN (SELECT agent_id, miner_hotkey, name FROM ${from(connection, agentRow)} ${where}) AS agents USING (agent_id)`
}
