import type { BatchKey, SnapshotKey } from '../models/day-key.ts'
import type { CallOptions } from './call-options.ts'

/** What can be written to a file: inputs by snapshot, results by batch. */
export type RowExportSelection =
  | Readonly<{
      target: 'addressLabels' | 'alertClusters' | 'alerts' | 'features' | 'moneyFlows' | 'transfers'
      key: SnapshotKey
    }>
  | Readonly<{ target: 'alertRankings' | 'alertScores' | 'clusterScores'; key: BatchKey }>

/** Formats that can be written; Parquet is compressed with zstd. */
export const exportFormats = ['parquet', 'csv', 'jsonl'] as const
/** One of {@link exportFormats}. */
export type ExportFormat = (typeof exportFormats)[number]

/** Writes rows out for other tools. */
export interface RowExportRepository {
  /**
   * The bytes of one file with all rows of a key in their natural order, made by the engine and streamed: column names
   * as in the database, decimals and times in the format's own types.
   */
  exportRows(
    params: Readonly<{ selection: RowExportSelection; format: ExportFormat }>,
    options?: CallOptions,
  ): AsyncIterable<Uint8Array>
}
