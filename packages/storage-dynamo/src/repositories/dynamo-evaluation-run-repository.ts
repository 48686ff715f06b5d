import {
  advanceRun,
  evaluationAttemptSchema,
  evaluationRunSchema,
  hotkeySchema,
  requireHold,
  requireRunning,
  StorageError,
  uuidSchema,
  type CallOptions,
  type EvaluationRun,
  type EvaluationRunRepository,
  type Page,
  type PageParams,
} from '@subnetkit/core'

import { checkInput } from '../codecs/check-input.ts'
import type { DynamoConnection } from '../connect.ts'
import { queryItems } from '../requests/query-items.ts'
import { evaluationRunsTable as table } from '../tables/evaluation-runs-table.ts'
import { evaluationRunItem, runOf, runPartition, runSort } from './evaluation-run-items.ts'
import type { EvaluationRecord } from './evaluation-items.ts'
import type { StoredEvaluations } from './stored-evaluations.ts'
import type { StoredRuns } from './stored-runs.ts'

/** Each lost lap means that the run moved on, which it does four times in its life. */
const MAX_LAPS = 8

/**
 * Runs in DynamoDB. A report looks at its evaluation, then is written on the condition that the run is where it was seen.
 * The evaluation may end between the two: it is looked at once more, and what ended is settled again with the run, so
 * that no run stays open and every verdict that was stored counts.
 */
export class DynamoEvaluationRunRepository implements EvaluationRunRepository {
  readonly #connection: DynamoConnection
  readonly #runs: StoredRuns
  readonly #evaluations: StoredEvaluations

  constructor(connection: DynamoConnection, runs: StoredRuns, evaluations: StoredEvaluations) {
    this.#connection = connection
    this.#runs = runs
    this.#evaluations = evaluations
  }

  async put(
    params: Readonly<{ run: EvaluationRun; validatorHotkey: string }>,
    options?: CallOptions,
  ): Promise<EvaluationRun> {
    const { run, validatorHotkey } = params
    checkInput(evaluationRunSchema, run, 'run')
    checkInput(hotkeySchema, validatorHotkey, 'validatorHotkey')
    const hold = { evaluationId: run.evaluationId, attempt: run.attempt, validatorHotkey }
    for (let lap = 1; lap <= MAX_LAPS; lap += 1) {
      const evaluation = await this.#evaluations.get(run.evaluationId, options)
      requireHold(evaluation, hold)
      const seen = await this.#runs.find(run, options)
      const stored = seen === null ? null : runOf(seen)
      const next = advanceRun(stored, run)
      if (next === stored) return stored
      requireRunning(evaluation)
      if (!(await this.#runs.replace(seen, next, options))) continue
      const after = await this.#evaluations.get(run.evaluationId, options)
      if (after.status === 'running' && after.attempt === run.attempt) return next
      await this.#settleLate(after, run, options)
      requireHold(after, hold)
      requireRunning(after)
    }
    throw new StorageError({
      code: 'conflict',
      message: `run ${run.runId}: other reports were faster ${MAX_LAPS} times in a row`,
      retryable: true,
      details: { runId: run.runId },
    })
  }

  async list(
    params: Readonly<{ evaluationId: string; attempt?: number } & PageParams>,
    options?: CallOptions,
  ): Promise<Page<EvaluationRun>> {
    const { evaluationId, attempt, ...page } = params
    checkInput(uuidSchema, evaluationId, 'evaluationId')
    if (attempt !== undefined) checkInput(evaluationAttemptSchema, attempt, 'attempt')
    const found = await queryItems(
      {
        ...page,
        connection: this.#connection,
        table,
        partition: runPartition.build({ evaluationId }),
        ...(attempt === undefined ? {} : { range: { prefix: runSort.prefix({ attempt }) } }),
      },
      options,
    )
    return {
      items: found.items.map((item) => runOf(evaluationRunItem.decode(item))),
      nextCursor: found.nextCursor,
    }
  }

  /** The run came in while its attempt ended. */
  async #settleLate(
    evaluation: EvaluationRecord,
    run: EvaluationRun,
    options: CallOptions | undefined,
  ): Promise<void> {
    if (evaluation.attempt === run.attempt) await this.#evaluations.settle(evaluation, options)
    else await this.#runs.cancel(run, 'its attempt was over', options)
  }
}
