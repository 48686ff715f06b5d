import { evaluationSchema, type Evaluation } from '@subnetkit/core'

import { column } from '../codecs/column.ts'
import { rowCodec, type RowCodec } from '../codecs/row-codec.ts'

/** An evaluation's fields as columns, or as one tuple where it is part of a larger answer. */
export const evaluationColumns = {
  evaluationId: column.string(),
  versionId: column.string(),
  validatorHotkey: column.lowCardinality(),
  status: column.enum8({
    waiting: 1,
    running: 2,
    completed: 3,
    error: 4,
    timedout: 5,
    disconnected: 6,
    replaced: 7,
    cancelled: 8,
  }),
  attempt: column.uint8(),
  terminatedReason: column.nullable(column.string()),
  createdAt: column.dateTime64(),
  startedAt: column.nullable(column.dateTime64()),
  finishedAt: column.nullable(column.dateTime64()),
  score: column.nullable(column.float64()),
} as const

/** `evaluations`, ReplacingMergeTree keyed by version and evaluation id. */
export const evaluationRow: RowCodec<Evaluation> = rowCodec({
  table: 'evaluations',
  engine: 'ReplacingMergeTree',
  schema: evaluationSchema,
  columns: evaluationColumns,
})
