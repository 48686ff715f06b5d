import { agentSchema, type Agent } from '@subnetkit/core'

import { column } from '../codecs/column.ts'
import { rowCodec, type RowCodec } from '../codecs/row-codec.ts'

/** An agent's fields as columns, or as one tuple where it is part of a larger answer. */
export const agentColumns = {
  agentId: column.string(),
  minerHotkey: column.string(),
  name: column.string(),
  latestVersion: column.uint32(),
  createdAt: column.dateTime64(),
  lastUpdated: column.dateTime64(),
} as const

/** `agents`, ReplacingMergeTree keyed by agent id. */
export const agentRow: RowCodec<Agent> = rowCodec({
  table: 'agents',
  engine: 'ReplacingMergeTree',
  schema: agentSchema,
  columns: agentColumns,
})
