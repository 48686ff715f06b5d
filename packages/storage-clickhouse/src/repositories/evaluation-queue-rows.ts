import { evaluationSchema } from '@subnetkit/core'
import { z } from 'zod'

import { column } from '../codecs/column.ts'
import { rowCodec, type RowCodec } from '../codecs/row-codec.ts'

const { validatorHotkey, createdAt, evaluationId } = evaluationSchema.shape
const queueRowSchema = z.strictObject({ validatorHotkey, createdAt, evaluationId, isWaiting: z.boolean() })

/** An evaluation at its place among those of its validator. */
export type EvaluationQueueRow = z.infer<typeof queueRowSchema>

/** `evaluation_queues`, ReplacingMergeTree: evaluations in the order of queues. A view fills it, nothing else writes to it. */
export const evaluationQueueRow: RowCodec<EvaluationQueueRow> = rowCodec({
  table: 'evaluation_queues',
  engine: 'ReplacingMergeTree',
  schema: queueRowSchema,
  columns: {
    validatorHotkey: column.lowCardinality(),
    createdAt: column.dateTime64(),
    evaluationId: column.string(),
    isWaiting: column.bool(),
  },
})
