import { minerDatabaseSchema, type MinerDatabase } from '@subnetkit/core'

import { column } from '../codecs/column.ts'
import { rowCodec, type RowCodec } from '../codecs/row-codec.ts'
import { imageTypeColumn } from './benchmark-columns.ts'

/** `benchmark_miner_databases`, ReplacingMergeTree keyed by hotkey and type. */
export const minerDatabaseRow: RowCodec<MinerDatabase> = rowCodec({
  table: 'benchmark_miner_databases',
  engine: 'ReplacingMergeTree',
  schema: minerDatabaseSchema,
  columns: {
    hotkey: column.string(),
    imageType: imageTypeColumn,
    databaseName: column.string(),
    status: column.enum8({ active: 1, archived: 2, deleted: 3 }),
    createdAt: column.dateTime64(),
    lastUsedAt: column.dateTime64(),
  },
})
