import { agentVersionSchema } from '@subnetkit/core'
import { z } from 'zod'

import { column } from '../codecs/column.ts'
import { rowCodec, type RowCodec } from '../codecs/row-codec.ts'

const { agentId, versionId, versionNum, createdAt } = agentVersionSchema.shape
const rankRowSchema = z.strictObject({
  agentId,
  versionId,
  versionNum,
  createdAt,
  rank: z.number().min(-1).max(1),
})

/** A version as its agent is ranked by it. */
export type AgentVersionRankRow = z.infer<typeof rankRowSchema>

/**
 * `agent_version_ranks`, ReplacingMergeTree keyed by agent and version id; a rank is the version's score, or -1 without
 * one. A view fills it, nothing else writes to it.
 */
export const agentVersionRankRow: RowCodec<AgentVersionRankRow> = rowCodec({
  table: 'agent_version_ranks',
  engine: 'ReplacingMergeTree',
  schema: rankRowSchema,
  columns: {
    agentId: column.string(),
    versionId: column.string(),
    versionNum: column.uint32(),
    createdAt: column.dateTime64(),
    rank: column.float64(),
  },
})
