import type { SnapshotKey } from '../models/day-key.ts'
import type { CallOptions } from './call-options.ts'

/** The aggregates that files can fill. */
export const importTargets = [
  'alerts',
  'features',
  'alertClusters',
  'moneyFlows',
  'addressLabels',
  'transfers',
] as const
/** One of {@link importTargets}. */
export type ImportTarget = (typeof importTargets)[number]

/** File formats that can be read. CSV has a header line; JSONL has one object a line. */
export const importFormats = ['parquet', 'csv', 'jsonl'] as const
/** One of {@link importFormats}. */
export type ImportFormat = (typeof importFormats)[number]

/** How a transfer's time is written in its source. */
export type TimestampUnit =
  /** Milliseconds since 1970. */
  | 'ms'
  /** Seconds since 1970. */
  | 's'
  /** ISO 8601 text, or a date-time column of Parquet. */
  | 'iso'
  /** Whole days counted from `dayZero`, as simulators write steps. */
  | 'day'

/** What the importer must know about transfers beyond their columns. */
export interface TransferImportOptions {
  readonly timestampUnit: TimestampUnit
  /** `YYYY-MM-DD` of step 0; needed for `day`, unused otherwise. */
  readonly dayZero?: string
  /** `keep` the amounts, or `drop` them: every transfer then counts 1, for data whose amounts give the answer away. */
  readonly amounts: 'keep' | 'drop'
}

/** One file on its way into a snapshot. */
export interface ImportFileParams {
  readonly key: SnapshotKey
  readonly target: ImportTarget
  /** The file's name, for messages. */
  readonly fileName: string
  readonly format: ImportFormat
  /** The source's own column names, as its header or schema gives them, in order. */
  readonly sourceColumns: readonly string[]
  /**
   * Which source column feeds which field (`{ fromAddress: 'sourceNodeId' }`); fields that are not named look for a
   * column of their own name in snake_case.
   */
  readonly columnMap?: Readonly<Record<string, string>>
  /** Needed for `transfers`. */
  readonly transfers?: TransferImportOptions
  /** The file's bytes. */
  readonly content: AsyncIterable<Uint8Array>
}

/** What an import stored. */
export interface ImportResult {
  /** Rows of the file that were stored (of features: rows of the wide file, one per address). */
  readonly rows: number
  /** Transfers outside the window, counted and left out; 0 for other targets. */
  readonly outsideWindow: number
}

/**
 * Loads files into a snapshot with set work in the engine. Nothing becomes visible here: the snapshot's status does
 * that. A repeated import of the same target replaces what the last one left.
 */
export interface SnapshotImportRepository {
  /**
   * Streams one file in, checks every row, then stores it.
   *
   * @throws InputError naming file, row, column, value and the way out: a missing or unknown column, an unreadable
   *   file, a value that does not fit (NaN, 1e300, unknown severity, an address of 10 MB, a date that does not exist),
   *   a duplicate id, a row of another network, date or window. Nothing of the file is stored then.
   */
  importFile(params: ImportFileParams, options?: CallOptions): Promise<ImportResult>
  /** Removes what interrupted imports left behind (staging tables older than `olderThanMs`). */
  sweep(
    params: Readonly<{ now: Date; olderThanMs: number }>,
    options?: CallOptions,
  ): Promise<{ readonly removed: number }>
}
