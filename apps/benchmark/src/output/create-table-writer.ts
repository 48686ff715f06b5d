import type { DatasetFormat } from '../dataset/dataset-options.ts'
import { createParquetWriter } from './parquet-table-writer.ts'
import type { ColumnSpec, TableWriter } from './table-columns.ts'
import { createCsvWriter, createJsonlWriter } from './text-table-writer.ts'

/** Opens a new table file in a format; `path` comes with its extension. */
export function createTableWriter(
  format: DatasetFormat,
  path: string,
  specs: readonly ColumnSpec[],
): Promise<TableWriter> {
  if (format === 'parquet') return createParquetWriter(path, specs)
  return format === 'csv' ? createCsvWriter(path, specs) : createJsonlWriter(path, specs)
}
