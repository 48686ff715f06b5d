import { evaluationRunSchema, type EvaluationRun } from '@subnetkit/core'

import { column } from '../codecs/column.ts'
import { rowCodec, type RowCodec } from '../codecs/row-codec.ts'

/** A run's fields as columns, or as one tuple where it is part of a larger answer. */
export const evaluationRunColumns = {
  runId: column.string(),
  evaluationId: column.string(),
  attempt: column.uint8(),
  swebenchInstanceId: column.lowCardinality(),
  status: column.enum8({
    started: 1,
    sandbox_created: 2,
    patch_generated: 3,
    eval_started: 4,
    result_scored: 5,
    cancelled: 6,
  }),
  response: column.nullable(column.string()),
  error: column.nullable(column.string()),
  passToFailSuccess: column.array(column.string()),
  failToPassSuccess: column.array(column.string()),
  passToPassSuccess: column.array(column.string()),
  failToFailSuccess: column.array(column.string()),
  solved: column.nullable(column.bool()),
  startedAt: column.dateTime64(),
  sandboxCreatedAt: column.nullable(column.dateTime64()),
  patchGeneratedAt: column.nullable(column.dateTime64()),
  evalStartedAt: column.nullable(column.dateTime64()),
  resultScoredAt: column.nullable(column.dateTime64()),
} as const

/** `evaluation_runs`, ReplacingMergeTree keyed by evaluation and run id. */
export const evaluationRunRow: RowCodec<EvaluationRun> = rowCodec({
  table: 'evaluation_runs',
  engine: 'ReplacingMergeTree',
  schema: evaluationRunSchema,
  columns: evaluationRunColumns,
})
