import { submissionSchema, type Submission } from '@subnetkit/core'

import { column } from '../codecs/column.ts'
import { rowCodec, type RowCodec } from '../codecs/row-codec.ts'
import { imageTypeColumn } from './benchmark-columns.ts'

/** `benchmark_miner_registry`, ReplacingMergeTree keyed by hotkey and type. */
export const submissionRow: RowCodec<Submission> = rowCodec({
  table: 'benchmark_miner_registry',
  engine: 'ReplacingMergeTree',
  schema: submissionSchema,
  columns: {
    hotkey: column.string(),
    imageType: imageTypeColumn,
    repository: column.string(),
    commit: column.fixedString(40),
    status: column.enum8({ pending: 1, active: 2, disabled: 3, failed: 4 }),
    validationError: column.nullable(column.string()),
    registeredAt: column.dateTime64(),
    lastUpdatedAt: column.dateTime64(),
  },
})
