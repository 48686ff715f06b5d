import { evaluationAttemptSchema, evaluationRunSchema, type EvaluationRun } from '@subnetkit/core'
import { z } from 'zod'

import { instantAttribute, integerAttribute } from '../codecs/attributes.ts'
import { createItemCodec } from '../codecs/item-codec.ts'
import type { Item } from '../codecs/item.ts'
import { numberPart, textPart } from '../keys/key-parts.ts'
import { KEY_LIMITS, keyTemplate } from '../keys/key-template.ts'
import { copyStateShape, outboxKey, type CopyState } from './outbox-key.ts'

/** Partition of the runs of one evaluation. */
export const runPartition = keyTemplate<{ evaluationId: string }>(
  { evaluationId: textPart('EVALUATION') },
  KEY_LIMITS.partition,
)

/** Place of a run: attempt, then problem. */
export const runSort = keyTemplate<{ attempt: number; swebenchInstanceId: string }>({
  attempt: numberPart('ATTEMPT', 2),
  swebenchInstanceId: textPart('PROBLEM'),
})

const time = instantAttribute.nullable()

/** A run as it is stored. */
export interface EvaluationRunRecord extends EvaluationRun, CopyState {}

/** One run. */
export const evaluationRunItem = createItemCodec<EvaluationRunRecord>({
  name: 'evaluationRun',
  schema: z.strictObject({
    ...evaluationRunSchema.shape,
    attempt: integerAttribute.pipe(evaluationAttemptSchema),
    startedAt: instantAttribute,
    sandboxCreatedAt: time,
    patchGeneratedAt: time,
    evalStartedAt: time,
    resultScoredAt: time,
    ...copyStateShape,
  }) satisfies z.ZodType<EvaluationRunRecord>,
  keys: (record) => ({ ...runKey(record), ...outboxKey(record, record.evaluationId) }),
})

/** The run that a record holds. */
export function runOf(record: EvaluationRunRecord): EvaluationRun {
  const { awaitsCopy: _copy, revision: _revision, ...run } = record
  return run
}

/** The key of a problem's run in an attempt. */
export function runKey(run: Pick<EvaluationRun, 'evaluationId' | 'attempt' | 'swebenchInstanceId'>): Item {
  const { evaluationId, attempt, swebenchInstanceId } = run
  return { pk: runPartition.build({ evaluationId }), sk: runSort.build({ attempt, swebenchInstanceId }) }
}
