import { instantSchema, taskScoreSchema, type TaskScore, type TaskScoreSummary } from '@subnetkit/core'
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

/** Scores summed up by miner and task. */
export const taskScoreSummaryReader: RowReader<TaskScoreSummary> = rowReader({
  label: 'summaries of scores',
  schema: z.strictObject({
    uid: z.int(),
    hotkey: z.string(),
    taskName: z.string().nullable(),
    count: z.int(),
    mean: z.number(),
    min: z.number(),
    max: z.number(),
    deviation: z.number(),
    median: z.number(),
    p25: z.number(),
    p75: z.number(),
    latest: z.number(),
    latestAt: z.date(),
    timeSpread: z.number(),
    scoreSpread: z.number(),
    commonSpread: z.number(),
  }),
  columns: {
    uid: column.uint16(),
    hotkey: column.string(),
    taskName: column.nullable(column.string()),
    count: column.uint64Number(),
    mean: column.float64(),
    min: column.float64(),
    max: column.float64(),
    deviation: column.float64(),
    median: column.float64(),
    p25: column.float64(),
    p75: column.float64(),
    latest: column.float64(),
    latestAt: column.dateTime64(),
    timeSpread: column.float64(),
    scoreSpread: column.float64(),
    commonSpread: column.float64(),
  },
})
