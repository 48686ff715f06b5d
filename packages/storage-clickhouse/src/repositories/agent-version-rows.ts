import { agentVersionSchema, type AgentVersion } from '@subnetkit/core'

import { column } from '../codecs/column.ts'
import { rowCodec, type RowCodec } from '../codecs/row-codec.ts'

/** A version's fields as columns, or as one tuple where it is part of a larger answer. */
export const agentVersionColumns = {
  versionId: column.string(),
  agentId: column.string(),
  versionNum: column.uint32(),
  createdAt: column.dateTime64(),
  score: column.nullable(column.float64()),
} as const

/** `agent_versions`, ReplacingMergeTree keyed by agent and version id. */
export const agentVersionRow: RowCodec<AgentVersion> = rowCodec({
  table: 'agent_versions',
  engine: 'ReplacingMergeTree',
  schema: agentVersionSchema,
  columns: agentVersionColumns,
})
