import type { TaskScore } from '../models/task-score.ts'
import type { CallOptions } from './call-options.ts'
import type { PutResult, RowSource } from './keyed-rows-repository.ts'
import type { CycleScope } from './weight-cycle-repository.ts'

/** Scores of one task that were given in [from, to): who is scored at `to` belongs to the next window. */
export type TaskScoreWindow = CycleScope & Readonly<{ taskName: string; from: Date; to: Date }>

/** One scoring event, seen as a whole. */
export interface TaskScoreEvent {
  readonly taskId: string
  /** Of its newest row in the window. */
  readonly scoredAt: Date
  /** Rows, those without a score included. */
  readonly miners: number
  /** Rows with a score. */
  readonly scored: number
}

/** What one miner's scores of a window look like, in one task or in all of them. */
export interface TaskScoreSummary {
  readonly uid: number
  readonly hotkey: string
  /** Null for all tasks together. */
  readonly taskName: string | null
  /** Scores, at least one: "no score" is not counted. */
  readonly count: number
  readonly mean: number
  readonly min: number
  readonly max: number
  /** Of the population. */
  readonly deviation: number
  readonly median: number
  /** Quartiles, between neighbours by linear interpolation. */
  readonly p25: number
  readonly p75: number
  /** The newest score; of two of one instant that of the later task id. */
  readonly latest: number
  readonly latestAt: Date
  /** Sum of squared distances from the mean, of times in days. */
  readonly timeSpread: number
  /** The same of the scores. */
  readonly scoreSpread: number
  /** Sum of the products of both distances: over `timeSpread` it is the slope per day. */
  readonly commonSpread: number
}

/** The scores that weights are made of, event by event. */
export interface TaskScoreRepository {
  /**
   * Stores rows; the same validator, task, task id, uid and hotkey again replaces, a score that was withdrawn included.
   *
   * @throws StorageError `invalid_input` with the row's number and field when a row breaks its schema; earlier batches
   *   may be stored by then, and storing them again changes nothing.
   */
  put(params: Readonly<{ scores: RowSource<TaskScore> }>, options?: CallOptions): Promise<PutResult>
  /**
   * All rows of a task in a window that are not withdrawn: by time, then task id, uid and hotkey, in bounded memory.
   * Leaving the loop early ends the query on the server.
   */
  stream(params: TaskScoreWindow, options?: CallOptions): AsyncIterable<TaskScore>
  /**
   * A task's events with a row in the window that is not withdrawn, newest first, then by task id, at most `limit`
   * (1–10,000) of them.
   */
  listEvents(
    params: TaskScoreWindow & Readonly<{ limit: number }>,
    options?: CallOptions,
  ): Promise<readonly TaskScoreEvent[]>
  /**
   * The scores of every miner given in [from, to) that are not withdrawn, summed up in the engine: by uid, hotkey and
   * task, all tasks together first. Means and spreads are good to about 1e-12 of their size, not bit by bit.
   */
  listSummaries(
    params: Omit<TaskScoreWindow, 'taskName'>,
    options?: CallOptions,
  ): Promise<readonly TaskScoreSummary[]>
  /**
   * Takes away what a hotkey got at a uid before `at`, in all tasks, because it was deregistered there. The rows stay in
   * the table as tombstones that no method gives; another hotkey's rows at that uid, and the hotkey's rows at another
   * uid, are not touched. Doing it again withdraws nothing more.
   */
  withdraw(
    params: CycleScope & Readonly<{ uid: number; hotkey: string; at: Date }>,
    options?: CallOptions,
  ): Promise<Readonly<{ rows: number }>>
}
