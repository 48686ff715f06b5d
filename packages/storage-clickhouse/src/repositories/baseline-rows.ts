import { baselineSchema, type Baseline } from '@subnetkit/core'

import { column } from '../codecs/column.ts'
import { rowCodec, type RowCodec } from '../codecs/row-codec.ts'
import { imageTypeColumn } from './benchmark-columns.ts'

/** `baseline_registry`, ReplacingMergeTree keyed by type and version. */
export const baselineRow: RowCodec<Baseline> = rowCodec({
  table: 'baseline_registry',
  engine: 'ReplacingMergeTree',
  schema: baselineSchema,
  columns: {
    baselineId: column.string(),
    imageType: imageTypeColumn,
    version: column.string(),
    repository: column.string(),
    commit: column.fixedString(40),
    originatedFromTournamentId: column.nullable(column.string()),
    originatedFromHotkey: column.nullable(column.string()),
    status: column.enum8({ building: 1, active: 2, deprecated: 3, failed: 4 }),
    errorMessage: column.nullable(column.string()),
    createdAt: column.dateTime64(),
    activatedAt: column.nullable(column.dateTime64()),
    deprecatedAt: column.nullable(column.dateTime64()),
  },
})
