import {
  actorSchema,
  awaitsNextAttempt,
  evaluationAttemptSchema,
  evaluationSchema,
  hotkeySchema,
  mayFollow,
  uuidSchema,
  type Evaluation,
} from '@subnetkit/core'
import { z } from 'zod'

import { floatAttribute, instantAttribute, integerAttribute } from '../codecs/attributes.ts'
import { createItemCodec } from '../codecs/item-codec.ts'
import type { Item } from '../codecs/item.ts'
import { numberPart, textPart } from '../keys/key-parts.ts'
import { KEY_LIMITS, keyTemplate } from '../keys/key-template.ts'
import { copyStateShape, outboxKey, type CopyState } from './outbox-key.ts'

/** Partition of the evaluations of one version. */
export const evaluationPartition = keyTemplate<{ versionId: string }>(
  { versionId: textPart('VERSION') },
  KEY_LIMITS.partition,
)

const evaluationSort = keyTemplate<{ validatorHotkey: string }>({ validatorHotkey: textPart('VALIDATOR') })

const placePartition = keyTemplate<{ evaluationId: string }>(
  { evaluationId: textPart('EVALUATION') },
  KEY_LIMITS.partition,
)

/** What is left to do with an evaluation: to begin it, to end it, or to close what its end left open. */
export type EvaluationQueue = 'waiting' | 'running' | 'unsettled'

/** Partition of one queue of one validator in the index `by-queue`. */
export const queuePartition = keyTemplate<{ validatorHotkey: string; queue: string }>(
  { validatorHotkey: textPart('VALIDATOR'), queue: textPart('QUEUE') },
  KEY_LIMITS.partition,
)

const queueSort = keyTemplate<{ at: number; evaluationId: string }>({
  at: numberPart('AT', 15),
  evaluationId: textPart('EVALUATION'),
})

/** An evaluation as it is stored. */
export interface EvaluationRecord extends Evaluation, CopyState {
  /** The claim that began this attempt; null while it waits. */
  readonly claimId: string | null
  /** False from the end of an attempt until its open runs are closed and its score is final. */
  readonly isSettled: boolean
}

/** One evaluation. */
export const evaluationItem = createItemCodec<EvaluationRecord>({
  name: 'evaluation',
  schema: z.strictObject({
    ...evaluationSchema.shape,
    attempt: integerAttribute.pipe(evaluationAttemptSchema),
    createdAt: instantAttribute,
    startedAt: instantAttribute.nullable(),
    finishedAt: instantAttribute.nullable(),
    score: floatAttribute.pipe(evaluationSchema.shape.score.unwrap()).nullable(),
    claimId: actorSchema.nullable(),
    isSettled: z.boolean(),
    ...copyStateShape,
  }) satisfies z.ZodType<EvaluationRecord>,
  keys: (record) => ({
    ...evaluationKey(record),
    ...queueKey(record),
    ...outboxKey(record, record.evaluationId),
  }),
})

/** Which evaluation has an id. */
export type EvaluationPlace = Pick<Evaluation, 'evaluationId' | 'versionId' | 'validatorHotkey'>

/** Finds an evaluation by its id; written once, before the evaluation, and never changed. */
export const evaluationPlaceItem = createItemCodec<EvaluationPlace>({
  name: 'evaluationPlace',
  schema: z.strictObject({
    evaluationId: uuidSchema,
    versionId: uuidSchema,
    validatorHotkey: hotkeySchema,
  }) satisfies z.ZodType<EvaluationPlace>,
  keys: ({ evaluationId }) => evaluationPlaceKey(evaluationId),
})

/** The key of the item that finds an evaluation. */
export function evaluationPlaceKey(evaluationId: string): Item {
  return { pk: placePartition.build({ evaluationId }), sk: 'PLACE' }
}

/** The key of a version's evaluation by a validator. */
export function evaluationKey({
  versionId,
  validatorHotkey,
}: Pick<Evaluation, 'versionId' | 'validatorHotkey'>): Item {
  return { pk: evaluationPartition.build({ versionId }), sk: evaluationSort.build({ validatorHotkey }) }
}

/** The evaluation that a record holds. */
export function evaluationOf(record: EvaluationRecord): Evaluation {
  const {
    claimId: _claim,
    isSettled: _settled,
    awaitsCopy: _copy,
    revision: _revision,
    ...evaluation
  } = record
  return evaluation
}

function queueKey(record: EvaluationRecord): Item {
  const queue = queueOf(record)
  if (queue === null) return {}
  const { validatorHotkey, createdAt, evaluationId } = record
  return {
    queuePk: queuePartition.build({ validatorHotkey, queue }),
    queueSk: queueSort.build({ at: createdAt.getTime(), evaluationId }),
  }
}

function queueOf(record: EvaluationRecord): EvaluationQueue | null {
  if (record.status === 'waiting' || record.status === 'running') return record.status
  const isInterrupted = mayFollow(record.status, 'waiting') && awaitsNextAttempt(record)
  return isInterrupted || !record.isSettled ? 'unsettled' : null
}
