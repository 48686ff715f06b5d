import {
  cancelRun,
  isStorageError,
  StorageError,
  type CallOptions,
  type EvaluationRun,
} from '@subnetkit/core'

import type { DynamoConnection } from '../connect.ts'
import { absent } from '../requests/condition.ts'
import { getItem } from '../requests/get-item.ts'
import { putItem } from '../requests/put-item.ts'
import { streamItems } from '../requests/query-items.ts'
import { evaluationRunsTable as table } from '../tables/evaluation-runs-table.ts'
import {
  evaluationRunItem,
  runKey,
  runOf,
  runPartition,
  runSort,
  type EvaluationRunRecord,
} from './evaluation-run-items.ts'
import { isAtRevision } from './outbox-key.ts'

/** Which runs: those of one attempt. */
export type RunsOfAttempt = Pick<EvaluationRun, 'evaluationId' | 'attempt'>

const PAGE = 100
/** Each lost lap means that some run moved on, which it does four times in its life. */
const MAX_LAPS = 20

/** Reads and conditional writes of runs: what the repositories of runs and of evaluations share. */
export class StoredRuns {
  readonly #connection: DynamoConnection

  constructor(connection: DynamoConnection) {
    this.#connection = connection
  }

  /** The run of the same evaluation, attempt and problem. */
  async find(run: EvaluationRun, options: CallOptions | undefined): Promise<EvaluationRunRecord | null> {
    const item = await getItem({ connection: this.#connection, table, key: runKey(run) }, options)
    return item === null ? null : evaluationRunItem.decode(item)
  }

  /** All runs of an attempt, by problem. */
  async list(of: RunsOfAttempt, options: CallOptions | undefined): Promise<readonly EvaluationRunRecord[]> {
    const runs: EvaluationRunRecord[] = []
    const query = {
      connection: this.#connection,
      table,
      partition: runPartition.build({ evaluationId: of.evaluationId }),
      range: { prefix: runSort.prefix({ attempt: of.attempt }) },
      pageSize: PAGE,
    }
    for await (const item of streamItems(query, options)) runs.push(evaluationRunItem.decode(item))
    return runs
  }

  /** Writes a run in place of the one that was seen (null: of none); false when that is not the stored one any more. */
  async replace(
    seen: EvaluationRunRecord | null,
    run: EvaluationRun,
    options: CallOptions | undefined,
  ): Promise<boolean> {
    const condition = seen === null ? absent('pk') : isAtRevision(seen)
    const revision = (seen?.revision ?? 0) + 1
    try {
      const item = evaluationRunItem.encode({ ...run, awaitsCopy: true, revision })
      await putItem({ connection: this.#connection, table, item, condition }, options)
      return true
    } catch (error) {
      if (isStorageError(error, 'conflict')) return false
      throw error
    }
  }

  /** Cancels what is open of an attempt that is over. */
  async cancel(of: RunsOfAttempt, reason: string, options: CallOptions | undefined): Promise<void> {
    await this.close(of, (run) => cancelRun(run, reason), options)
  }

  /** Ends the open runs of an attempt as `close` says; gives all of its runs as they are then. */
  async close(
    of: RunsOfAttempt,
    close: (run: EvaluationRun) => EvaluationRun,
    options: CallOptions | undefined,
  ): Promise<readonly EvaluationRun[]> {
    for (let lap = 1; lap <= MAX_LAPS; lap += 1) {
      let lost = 0
      const closed: EvaluationRun[] = []
      for (const seen of await this.list(of, options)) {
        const run = runOf(seen)
        const ended = close(run)
        closed.push(ended)
        if (ended !== run && !(await this.replace(seen, ended, options))) lost += 1
      }
      if (lost === 0) return closed
    }
    throw new StorageError({
      code: 'conflict',
      message: `runs of evaluation ${of.evaluationId} changed ${MAX_LAPS} times while they were closed`,
      retryable: true,
      details: { ...of },
    })
  }
}
