import { agentSchema, type Agent } from '@subnetkit/core'

import { column } from '../codecs/column.ts'
import { rowCodec, type RowCodec } from '../codecs/row-codec.ts'

/** `agents`, ReplacingMergeTree keyed by agent id. */
export const agentRow: RowCodec<Agent> = rowCodec({
  table: 'agents',
  engine: 'ReplacingMergeTree',
  schema: agentSchema,
  columns: {
    agentId: column.string(),
    minerHotkey: column.string(),
    name: column.string(),
    latestVersion: column.uint32(),
    createdAt: column.dateTime64(),
    lastUpdated: column.dateTime64(),
  },
})
