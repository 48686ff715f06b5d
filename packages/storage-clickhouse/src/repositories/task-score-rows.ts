import { instantSchema, taskScoreSchema, type TaskScore } from '@subnetkit/core'
import { z } from 'zod'

import { column } from '../codecs/column.ts'
import { rowCodec, rowReader, type RowCodec, type RowReader } from '../codecs/row-codec.ts'

const columns = {
  netuid: column.uint16(),
  validatorHotkey: column.lowCardinality(),
  taskName: column.lowCardinality(),
  taskId: column.string(),
  uid: column.uint16(),
  hotkey: column.string(),
  score: column.nullable(column.float64()),
  status: column.lowCardinality(),
  scoredAt: column.dateTime64(),
} as const

const storedSchema = z.strictObject({ ...taskScoreSchema.shape, withdrawnAt: instantSchema.nullable() })

/** A score as it is kept: with the time at which its hotkey was deregistered, null while it counts. */
export type StoredTaskScore = z.infer<typeof storedSchema>

/** `score_table`, ReplacingMergeTree keyed by validator, task, event, uid and hotkey. */
export const taskScoreRow: RowCodec<StoredTaskScore> = rowCodec({
  table: 'score_table',
  engine: 'ReplacingMergeTree',
  schema: storedSchema,
  columns: { ...columns, withdrawnAt: column.nullable(column.dateTime64()) },
})

/** Scores as they are read: those that count, without the mark that says so. */
export const taskScoreReader: RowReader<TaskScore> = rowReader({
  label: taskScoreRow.table,
  schema: taskScoreSchema,
  columns,
})
