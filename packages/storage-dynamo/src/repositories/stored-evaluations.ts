import {
  awaitsNextAttempt,
  evaluationScoreOf,
  isStorageError,
  killRun,
  mayFollow,
  reopenEvaluation,
  StorageError,
  versionScoreOf,
  type CallOptions,
} from '@subnetkit/core'

import type { Item } from '../codecs/item.ts'
import type { DynamoConnection } from '../connect.ts'
import { allOf, compare } from '../requests/condition.ts'
import { getItem } from '../requests/get-item.ts'
import { keyOf } from '../requests/key-text.ts'
import { putItem } from '../requests/put-item.ts'
import { streamItems } from '../requests/query-items.ts'
import { evaluationsTable as table } from '../tables/evaluations-table.ts'
import { contention } from './evaluation-errors.ts'
import {
  evaluationItem,
  evaluationKey,
  evaluationPartition,
  evaluationPlaceItem,
  evaluationPlaceKey,
  queuePartition,
  type EvaluationQueue,
  type EvaluationRecord,
} from './evaluation-items.ts'
import { isAtRevision } from './outbox-key.ts'
import type { StoredRuns } from './stored-runs.ts'
import type { StoredVersions } from './stored-versions.ts'

const PAGE = 100
/** Each lost lap means that another evaluation of the version was completed meanwhile. */
const MAX_LAPS = 20

/** Reads and conditional writes of evaluations: a write names the revision that it was decided on. */
export class StoredEvaluations {
  readonly #connection: DynamoConnection
  readonly #runs: StoredRuns
  readonly #versions: StoredVersions

  constructor(connection: DynamoConnection, runs: StoredRuns, versions: StoredVersions) {
    this.#connection = connection
    this.#runs = runs
    this.#versions = versions
  }

  /** By its key. */
  async findAt(key: Item, options: CallOptions | undefined): Promise<EvaluationRecord | null> {
    const item = await getItem({ connection: this.#connection, table, key }, options)
    return item === null ? null : evaluationItem.decode(item)
  }

  /** By its id; an id whose evaluation was never written, because the pair had one, is no evaluation's. */
  async find(evaluationId: string, options: CallOptions | undefined): Promise<EvaluationRecord | null> {
    const key = evaluationPlaceKey(evaluationId)
    const item = await getItem({ connection: this.#connection, table, key }, options)
    if (item === null) return null
    const record = await this.findAt(evaluationKey(evaluationPlaceItem.decode(item)), options)
    return record?.evaluationId === evaluationId ? record : null
  }

  /** @throws StorageError `not_found`. */
  async get(evaluationId: string, options: CallOptions | undefined): Promise<EvaluationRecord> {
    const record = await this.find(evaluationId, options)
    if (record !== null) return record
    throw new StorageError({
      code: 'not_found',
      message: `evaluation ${evaluationId} is not known`,
      details: { evaluationId },
    })
  }

  /** A validator's evaluations in one queue, oldest first, each as it is stored now. */
  async *stream(
    validatorHotkey: string,
    queue: EvaluationQueue,
    options: CallOptions | undefined,
  ): AsyncGenerator<EvaluationRecord, void, undefined> {
    const [index] = table.indexes
    const partition = queuePartition.build({ validatorHotkey, queue })
    const query = { connection: this.#connection, table, partition, pageSize: PAGE }
    const entries = streamItems({ ...query, ...(index === undefined ? {} : { index }) }, options)
    for await (const entry of entries) {
      const record = await this.findAt(keyOf(table, entry), options)
      if (record !== null) yield record
    }
  }

  /** Writes a state in place of the one that was seen, and gives it; null when that is not the stored one any more. */
  async replace(
    seen: EvaluationRecord,
    next: EvaluationRecord,
    options: CallOptions | undefined,
  ): Promise<EvaluationRecord | null> {
    const written = { ...next, awaitsCopy: true, revision: seen.revision + 1 }
    const condition = allOf(compare('evaluationId', '=', seen.evaluationId), isAtRevision(seen))
    try {
      const item = evaluationItem.encode(written)
      await putItem({ connection: this.#connection, table, item, condition }, options)
      return written
    } catch (error) {
      if (isStorageError(error, 'conflict')) return null
      throw error
    }
  }

  /**
   * Closes what the end of an attempt left open, and gives the evaluation after it: the verdict of a finished one is
   * scored by its runs as they are now and its version by all of its evaluations, an interrupted one waits for its next
   * attempt. One that has not ended stays.
   */
  async settle(record: EvaluationRecord, options: CallOptions | undefined): Promise<EvaluationRecord> {
    const { status, finishedAt } = record
    if (mayFollow(status, 'waiting')) {
      await this.#runs.cancel(record, `its attempt was ${status}`, options)
      const next = awaitsNextAttempt(record)
        ? { ...record, ...reopenEvaluation(record), claimId: null }
        : record
      return this.#settled(record, next, options)
    }
    if (finishedAt === null || (status !== 'completed' && status !== 'error')) return record
    const score = await this.scoreAt(record, finishedAt, options)
    const scored = { ...record, score }
    if (status === 'completed') await this.#scoreVersion(scored, options)
    return this.#settled(record, scored, options)
  }

  /** Kills the attempt's open runs and gives the score that its runs make. */
  async scoreAt(
    record: EvaluationRecord,
    now: Date,
    options: CallOptions | undefined,
  ): Promise<number | null> {
    const kill = { reason: 'not finished when its evaluation ended', now }
    const runs = await this.#runs.close(record, (run) => killRun(run, kill), options)
    return evaluationScoreOf(record, runs)
  }

  /**
   * Brings a version's score up to all of its evaluations, this one included. Whoever wrote looks again: of evaluations
   * that are completed at once, the last writer sees them all.
   */
  async #scoreVersion(scored: EvaluationRecord, options: CallOptions | undefined): Promise<void> {
    const { versionId, evaluationId } = scored
    const partition = evaluationPartition.build({ versionId })
    const query = { connection: this.#connection, table, partition, pageSize: PAGE }
    for (let lap = 1; lap <= MAX_LAPS; lap += 1) {
      const version = await this.#versions.find(versionId, options)
      if (version === null) return
      const evaluations: EvaluationRecord[] = []
      for await (const item of streamItems(query, options)) {
        const other = evaluationItem.decode(item)
        evaluations.push(other.evaluationId === evaluationId ? scored : other)
      }
      const score = versionScoreOf(evaluations, version.score)
      if (score === version.score) return
      await this.#versions.setScore(version, score, options)
    }
    throw contention(evaluationId, MAX_LAPS)
  }

  async #settled(
    seen: EvaluationRecord,
    next: EvaluationRecord,
    options: CallOptions | undefined,
  ): Promise<EvaluationRecord> {
    const settled = await this.replace(seen, { ...next, isSettled: true }, options)
    if (settled !== null) return settled
    const now = await this.get(seen.evaluationId, options)
    const isSameEnd = now.status === seen.status && now.attempt === seen.attempt
    return isSameEnd ? this.settle(now, options) : now
  }
}
