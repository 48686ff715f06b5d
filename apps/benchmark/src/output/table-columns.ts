/** How a column is stored. In CSV and JSONL numbers are plain; in Parquet they have this width. */
export type ColumnKind = 'text' | 'uint32' | 'uint64' | 'int32' | 'float64'

/** A column of a table: snake_case name and kind. */
export interface ColumnSpec {
  readonly name: string
  readonly kind: ColumnKind
  /** Every value differs, like an id: a dictionary or a general compressor would only cost time. */
  readonly isDistinct?: true
}

/** The values of one column; numbers are whole and below 2^53, except in float64 columns. */
export type ColumnValues = readonly (string | number)[]

/** Writes one table in batches of columns. Not reentrant: await each call. */
export interface TableWriter {
  /** Appends rows; every column has the same length, in the order of the table's columns. */
  write(columns: readonly ColumnValues[]): Promise<void>
  /** Writes what is left, flushes to disk and closes the file; says what the file holds. */
  finish(): Promise<WrittenFile>
  /** Closes the file without finishing it, after a failure. */
  abandon(): Promise<void>
}

/** A finished file. */
export interface WrittenFile {
  readonly rows: number
  readonly bytes: number
  readonly sha256: string
}
