import type { AttemptDay } from '../models/attempt-day.ts'
import type { MinerPerformance } from '../models/miner-performance.ts'
import type { PerformancePeriod, PeriodType } from '../models/performance-period.ts'
import type { CallOptions } from './call-options.ts'
import type { PutResult, RowSource } from './keyed-rows-repository.ts'
import type { Page, PageParams } from './page.ts'
import type { CycleScope } from './weight-cycle-repository.ts'

/** One validator's view of one period. */
export type PerformanceScope = CycleScope & Readonly<{ period: PerformancePeriod }>

/** One hotkey at one uid: the same hotkey at another uid is another miner's record. */
export interface MinerAtUid {
  readonly minerUid: number
  readonly minerHotkey: string
}

/** Whole UTC days of one validator: those that begin in [from, to). */
export type AttemptWindow = CycleScope & Readonly<{ from: Date; to: Date }>

/** What a miner was asked over some days. */
export interface AttemptSums extends MinerAtUid {
  readonly attempted: number
  readonly completed: number
  /** UTC hours with an attempt, and of these the ones with an answer. */
  readonly hoursAsked: number
  readonly hoursAnswered: number
  /** The row of failures that the days end with. */
  readonly consecutiveFailures: number
  readonly lastAnsweredAt: Date | null
  /** By name. */
  readonly tasks: readonly Readonly<{ taskName: string; attempted: number; completed: number }>[]
}

/** How miners did, period by period. */
export interface MinerPerformanceRepository {
  /**
   * Stores statistics; the same validator, period, uid and hotkey again replaces, a buried row included. A miner's tasks
   * are stored before its overall row, which is what readers start from: a put that was cut short is finished by doing
   * it again.
   *
   * @throws StorageError `invalid_input` with the row's number and field when a row breaks its schema; earlier rows may
   *   be stored by then.
   */
  put(
    params: Readonly<{ performances: RowSource<MinerPerformance> }>,
    options?: CallOptions,
  ): Promise<PutResult>
  /** One hotkey at one uid in one period, buried or not; null when there is nothing. */
  find(params: PerformanceScope & MinerAtUid, options?: CallOptions): Promise<MinerPerformance | null>
  /** The miners of a period that are not buried: by overall rank, those without one last, then by uid and hotkey. */
  list(params: PerformanceScope & PageParams, options?: CallOptions): Promise<Page<MinerPerformance>>
  /** A hotkey's periods of one type at whatever uid, buried ones too: the newest first, then by uid. */
  listHistory(
    params: CycleScope & Readonly<{ minerHotkey: string; periodType: PeriodType }> & PageParams,
    options?: CallOptions,
  ): Promise<Page<MinerPerformance>>
  /** Who has a row in a period and is not buried, by uid, then hotkey. */
  listMiners(params: PerformanceScope, options?: CallOptions): Promise<readonly MinerAtUid[]>
  /**
   * Marks one hotkey at one uid as deregistered at `from`: its rows of periods that end later leave `list` and
   * `listMiners` and carry `buriedAt`; periods that had ended are history and stay as they are. Other hotkeys at the uid,
   * other uids of the hotkey and other validators are not touched. Doing it again buries nothing more.
   */
  bury(
    params: CycleScope & MinerAtUid & Readonly<{ from: Date }>,
    options?: CallOptions,
  ): Promise<Readonly<{ rows: number }>>
  /**
   * Stores days of attempts, which periods of any length are summed from; the same validator, day, uid, hotkey and task
   * again replaces. They are kept when statistics run out.
   *
   * @throws StorageError `invalid_input` with the row's number and field when a row breaks its schema; earlier rows may
   *   be stored by then.
   */
  putAttempts(params: Readonly<{ days: RowSource<AttemptDay> }>, options?: CallOptions): Promise<PutResult>
  /** Who was asked in the window, by uid, then hotkey; whoever was not asked is left out. */
  listAttempts(params: AttemptWindow, options?: CallOptions): Promise<readonly AttemptSums[]>
}
