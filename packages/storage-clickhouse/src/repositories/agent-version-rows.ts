import { agentVersionSchema, type AgentVersion } from '@subnetkit/core'

import { column } from '../codecs/column.ts'
import { rowCodec, type RowCodec } from '../codecs/row-codec.ts'

/** `agent_versions`, ReplacingMergeTree keyed by agent and version id. */
export const agentVersionRow: RowCodec<AgentVersion> = rowCodec({
  table: 'agent_versions',
  engine: 'ReplacingMergeTree',
  schema: agentVersionSchema,
  columns: {
    versionId: column.string(),
    agentId: column.string(),
    versionNum: column.uint32(),
    createdAt: column.dateTime64(),
    score: column.nullable(column.float64()),
  },
})
