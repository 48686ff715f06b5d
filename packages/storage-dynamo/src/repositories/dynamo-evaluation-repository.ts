import {
  actorSchema,
  beginEvaluation,
  evaluationSchema,
  finishEvaluation,
  hotkeySchema,
  instantSchema,
  interruptEvaluation,
  mayFollow,
  requireHold,
  requireRunning,
  uuidSchema,
  withdrawEvaluation,
  type AgentVersionRepository,
  type CallOptions,
  type Evaluation,
  type EvaluationHold,
  type EvaluationOutcome,
  type EvaluationRepository,
  type InterruptedEvaluations,
  type Page,
  type PageParams,
} from '@subnetkit/core'
import { z } from 'zod'

import { checkInput } from '../codecs/check-input.ts'
import type { DynamoConnection } from '../connect.ts'
import { getItem } from '../requests/get-item.ts'
import { keyOf } from '../requests/key-text.ts'
import { putItemIfAbsent } from '../requests/put-item.ts'
import { queryItems } from '../requests/query-items.ts'
import { evaluationsTable as table } from '../tables/evaluations-table.ts'
import { contention, otherEvaluation, unknownVersion } from './evaluation-errors.ts'
import {
  evaluationItem,
  evaluationKey,
  evaluationOf,
  evaluationPartition,
  evaluationPlaceItem,
  type EvaluationRecord,
} from './evaluation-items.ts'
import type { StoredEvaluations } from './stored-evaluations.ts'

const reasonSchema = evaluationSchema.shape.terminatedReason.unwrap()
const newParams = evaluationSchema
  .pick({ evaluationId: true, versionId: true, validatorHotkey: true })
  .extend({ now: instantSchema })
const claimParams = z.object({ validatorHotkey: hotkeySchema, claimId: actorSchema, now: instantSchema })
const finishParams = evaluationSchema
  .pick({ evaluationId: true, validatorHotkey: true, attempt: true })
  .extend({
    outcome: z.union([
      z.object({ status: z.literal('completed'), reason: z.null() }),
      z.object({ status: z.literal('error'), reason: reasonSchema }),
    ]),
    now: instantSchema,
  })
const withdrawParams = z.object({ reason: reasonSchema, now: instantSchema })
const sweepParams = z.object({
  validatorHotkey: hotkeySchema,
  startedBefore: instantSchema,
  now: instantSchema,
})

/** Each lost lap means that the evaluation moved on; it has few places to go. */
const MAX_LAPS = 8
/** A version has as many evaluations as there are validators. */
const PAGE = 100

/**
 * Evaluations in DynamoDB. A new one is two writes: the item that finds it by its id, then the evaluation, put if its
 * version and validator have none. The end of an attempt is written first and marked as unsettled; closing its runs, its
 * score and the next attempt follow, and whoever comes by an unsettled one does that again from the start.
 */
export class DynamoEvaluationRepository implements EvaluationRepository {
  readonly #connection: DynamoConnection
  readonly #stored: StoredEvaluations
  readonly #versions: Pick<AgentVersionRepository, 'find'>

  constructor(
    connection: DynamoConnection,
    stored: StoredEvaluations,
    versions: Pick<AgentVersionRepository, 'find'>,
  ) {
    this.#connection = connection
    this.#stored = stored
    this.#versions = versions
  }

  async create(
    params: Readonly<{ evaluationId: string; versionId: string; validatorHotkey: string; now: Date }>,
    options?: CallOptions,
  ): Promise<Evaluation> {
    const { evaluationId, versionId, validatorHotkey, now } = params
    checkInput(newParams, { evaluationId, versionId, validatorHotkey, now }, 'create')
    if ((await this.#versions.find({ versionId }, options)) === null) throw unknownVersion(versionId)
    const target = { connection: this.#connection, table }
    const place = evaluationPlaceItem.encode({ evaluationId, versionId, validatorHotkey })
    if (!(await putItemIfAbsent({ ...target, item: place }, options))) {
      const held = await getItem({ ...target, key: keyOf(table, place) }, options)
      const pair = held === null ? params : evaluationPlaceItem.decode(held)
      if (pair.versionId !== versionId || pair.validatorHotkey !== validatorHotkey) {
        throw otherEvaluation(params, evaluationId)
      }
    }
    const record = newRecord({ evaluationId, versionId, validatorHotkey, createdAt: now })
    if (await putItemIfAbsent({ ...target, item: evaluationItem.encode(record) }, options)) {
      return evaluationOf(record)
    }
    const stands = await this.#stored.findAt(evaluationKey(record), options)
    if (stands?.evaluationId === evaluationId) return evaluationOf(stands)
    throw otherEvaluation(params, stands?.evaluationId ?? evaluationId)
  }

  async find(params: Readonly<{ evaluationId: string }>, options?: CallOptions): Promise<Evaluation | null> {
    checkInput(uuidSchema, params.evaluationId, 'evaluationId')
    const record = await this.#stored.find(params.evaluationId, options)
    return record === null ? null : evaluationOf(record)
  }

  async list(
    params: Readonly<{ versionId: string } & PageParams>,
    options?: CallOptions,
  ): Promise<Page<Evaluation>> {
    const page = await this.#list(params, options)
    return { ...page, items: page.items.map(evaluationOf) }
  }

  async claim(
    params: Readonly<{ validatorHotkey: string; claimId: string; now: Date }>,
    options?: CallOptions,
  ): Promise<Evaluation | null> {
    checkInput(claimParams, params, 'claim')
    const { validatorHotkey, claimId, now } = params
    const isOurs = (record: EvaluationRecord | null): record is EvaluationRecord =>
      record?.status === 'running' && record.claimId === claimId
    for await (const record of this.#stored.stream(validatorHotkey, 'running', options)) {
      if (isOurs(record)) return evaluationOf(record)
    }
    for await (const record of this.#stored.stream(validatorHotkey, 'waiting', options)) {
      if (record.status !== 'waiting') continue
      const begun = { ...record, ...beginEvaluation(record, now), claimId }
      if ((await this.#stored.replace(record, begun, options)) !== null) return evaluationOf(begun)
      // Lost, or won by a write of ours whose answer was lost.
      const winner = await this.#stored.findAt(evaluationKey(record), options)
      if (isOurs(winner)) return evaluationOf(winner)
    }
    return null
  }

  async finish(
    params: EvaluationHold & Readonly<{ outcome: EvaluationOutcome; now: Date }>,
    options?: CallOptions,
  ): Promise<Evaluation> {
    const { evaluationId, validatorHotkey, attempt, outcome, now } = params
    checkInput(finishParams, { evaluationId, validatorHotkey, attempt, outcome, now }, 'finish')
    const finished = await this.#change(
      evaluationId,
      async (record) => {
        requireHold(record, params)
        if (record.status === outcome.status) return record
        requireRunning(record)
        const score = await this.#stored.scoreAt(record, now, options)
        return { ...record, ...finishEvaluation(record, { ...params, score }), isSettled: false }
      },
      options,
    )
    return evaluationOf(finished.isSettled ? finished : await this.#stored.settle(finished, options))
  }

  async disconnect(
    params: Readonly<{ validatorHotkey: string; now: Date }>,
    options?: CallOptions,
  ): Promise<InterruptedEvaluations> {
    const { validatorHotkey, now } = params
    checkInput(sweepParams, { validatorHotkey, startedBefore: now, now }, 'disconnect')
    const isCutOff = (): boolean => true
    const reason = 'its validator disconnected'
    return this.#interrupt(validatorHotkey, isCutOff, { status: 'disconnected', reason, now }, options)
  }

  async sweep(
    params: Readonly<{ validatorHotkey: string; startedBefore: Date; now: Date }>,
    options?: CallOptions,
  ): Promise<InterruptedEvaluations> {
    checkInput(sweepParams, params, 'sweep')
    const { validatorHotkey, startedBefore, now } = params
    const isCutOff = ({ startedAt }: Evaluation): boolean => startedAt !== null && startedAt < startedBefore
    const reason = `it was begun before ${startedBefore.toISOString()} and had not ended`
    return this.#interrupt(validatorHotkey, isCutOff, { status: 'timedout', reason, now }, options)
  }

  async replace(
    params: Readonly<{ versionId: string; reason: string; now: Date }>,
    options?: CallOptions,
  ): Promise<Readonly<{ replaced: number }>> {
    const { versionId, reason, now } = params
    checkInput(withdrawParams, { reason, now }, 'replace')
    let replaced = 0
    let cursor: string | null = null
    do {
      const page: Page<EvaluationRecord> = await this.#list({ versionId, limit: PAGE, cursor }, options)
      for (const seen of page.items) {
        // One that was cut off waits again, and is not wanted either.
        const record = mayFollow(seen.status, 'waiting') ? await this.#stored.settle(seen, options) : seen
        if (record.status !== 'waiting') continue
        const gone = { ...record, ...withdrawEvaluation(record, { status: 'replaced', reason, now }) }
        if ((await this.#stored.replace(record, gone, options)) !== null) replaced += 1
      }
      cursor = page.nextCursor
    } while (cursor !== null)
    return { replaced }
  }

  async cancel(
    params: Readonly<{ evaluationId: string; reason: string; now: Date }>,
    options?: CallOptions,
  ): Promise<Evaluation> {
    const { evaluationId, reason, now } = params
    checkInput(uuidSchema, evaluationId, 'evaluationId')
    checkInput(withdrawParams, { reason, now }, 'cancel')
    const withdraw = async (record: EvaluationRecord): Promise<EvaluationRecord> =>
      record.status === 'cancelled'
        ? record
        : { ...record, ...withdrawEvaluation(record, { status: 'cancelled', reason, now }) }
    return evaluationOf(await this.#change(evaluationId, withdraw, options))
  }

  /** Cuts off what runs and is meant, then settles that and what was left unsettled before. */
  async #interrupt(
    validatorHotkey: string,
    isCutOff: (evaluation: Evaluation) => boolean,
    interruption: Parameters<typeof interruptEvaluation>[1],
    options: CallOptions | undefined,
  ): Promise<InterruptedEvaluations> {
    let [interrupted, reopened] = [0, 0]
    const settle = async (record: EvaluationRecord): Promise<void> => {
      const settled = await this.#stored.settle(record, options)
      if (mayFollow(record.status, 'waiting') && settled.attempt > record.attempt) reopened += 1
    }
    for await (const record of this.#stored.stream(validatorHotkey, 'unsettled', options))
      await settle(record)
    for await (const record of this.#stored.stream(validatorHotkey, 'running', options)) {
      if (record.status !== 'running' || !isCutOff(record)) continue
      const cut = { ...record, ...interruptEvaluation(record, interruption), isSettled: false }
      const written = await this.#stored.replace(record, cut, options)
      if (written === null) continue
      interrupted += 1
      await settle(written)
    }
    return { interrupted, reopened }
  }

  /** Decides on what is stored until the decision is written; one that gives the record itself writes nothing. */
  async #change(
    evaluationId: string,
    decide: (record: EvaluationRecord) => Promise<EvaluationRecord>,
    options: CallOptions | undefined,
  ): Promise<EvaluationRecord> {
    for (let lap = 1; lap <= MAX_LAPS; lap += 1) {
      const record = await this.#stored.get(evaluationId, options)
      const next = await decide(record)
      if (next === record) return record
      const written = await this.#stored.replace(record, next, options)
      if (written !== null) return written
    }
    throw contention(evaluationId, MAX_LAPS)
  }

  async #list(
    params: Readonly<{ versionId: string } & PageParams>,
    options: CallOptions | undefined,
  ): Promise<Page<EvaluationRecord>> {
    const { versionId, ...page } = params
    checkInput(uuidSchema, versionId, 'versionId')
    const partition = evaluationPartition.build({ versionId })
    const found = await queryItems({ ...page, connection: this.#connection, table, partition }, options)
    return { items: found.items.map((item) => evaluationItem.decode(item)), nextCursor: found.nextCursor }
  }
}

function newRecord(
  fields: Pick<Evaluation, 'evaluationId' | 'versionId' | 'validatorHotkey' | 'createdAt'>,
): EvaluationRecord {
  return {
    ...fields,
    status: 'waiting',
    attempt: 1,
    terminatedReason: null,
    startedAt: null,
    finishedAt: null,
    score: null,
    claimId: null,
    isSettled: true,
    awaitsCopy: true,
    revision: 1,
  }
}
