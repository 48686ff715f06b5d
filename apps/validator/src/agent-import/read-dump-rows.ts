import { cutRecords, type DumpPosition, type DumpRecord } from './cut-records.ts'
import { readDumpHeader, withoutMark, type DumpHeader } from './dump-header.ts'
import type { DumpFile } from './find-dump-files.ts'
import { openDumpContent, type OnBytesRead } from './open-dump-content.ts'
import { RowProblem, type RowFault } from './row-problem.ts'
import { splitCsvRecord } from './split-csv-record.ts'

/** A row as it stands in its file: its values in the order of `dumpColumns`, or why there are none. */
export interface DumpRow {
  readonly line: number
  readonly end: DumpPosition
  /** Texts and nulls from CSV, whatever JSON has from JSONL; empty where there is a fault. */
  readonly values: readonly unknown[]
  readonly fault: RowFault | null
}

/** How a file is read. */
export interface ReadDumpRowsOptions {
  /** Columns that are passed over instead of being refused. */
  readonly ignoredColumns: ReadonlySet<string>
  /** The end of a row that was read before. */
  readonly from: DumpPosition
  readonly onBytesRead?: OnBytesRead
  readonly signal?: AbortSignal
}

/** The beginning of every file. */
export const DUMP_START: DumpPosition = { bytes: 0, lines: 0 }

/**
 * The rows of a file, some thousands at a time, in bounded memory.
 *
 * @throws InputError for a file that cannot be read, and for columns that are missing or not known.
 */
export async function* readDumpRows(
  file: DumpFile,
  { ignoredColumns, from, onBytesRead, signal }: ReadDumpRowsOptions,
): AsyncGenerator<readonly DumpRow[], void, void> {
  const header = await readDumpHeader(file, ignoredColumns)
  if (header === null) return
  const start = from.bytes < header.end.bytes ? header.end : from
  const chunks = openDumpContent(file, start.bytes, onBytesRead)
  const isQuoted = file.format === 'csv'
  for await (const records of cutRecords(chunks, { file: file.name, isQuoted, from: start })) {
    signal?.throwIfAborted()
    const rows = records.filter(isRow).map((record) => rowOf(record, file, header))
    if (rows.length > 0) yield rows
  }
}

/** Empty lines, and the `\.` that ends what psql was told by hand, are no rows. */
function isRow({ text }: DumpRecord): boolean {
  return text === null || (text.trim() !== '' && text !== '\\.')
}

function rowOf(record: DumpRecord, { format }: DumpFile, header: DumpHeader): DumpRow {
  const { line, end } = record
  try {
    return { line, end, values: valuesOf(record, format, header), fault: null }
  } catch (error) {
    if (!(error instanceof RowProblem)) throw error
    return { line, end, values: [], fault: error.fault }
  }
}

function valuesOf(
  { text, isUnclosed }: DumpRecord,
  format: DumpFile['format'],
  header: DumpHeader,
): readonly unknown[] {
  if (text === null) {
    throw unreadable(null, 'is not UTF-8', 'export the table again with PGCLIENTENCODING=UTF8')
  }
  if (isUnclosed) throw unreadable(text, 'is cut off within quotes', 'copy the whole file here again')
  if (format === 'jsonl') return jsonValues(text, header)
  const cells = splitCsvRecord(text)
  if (cells.length !== header.names.length) {
    const why = `has ${cells.length} values and the header ${header.names.length}`
    throw unreadable(text, why, 'export the table again with \\copy … csv header')
  }
  return header.places.map((place) => cells[place] ?? null)
}

function jsonValues(text: string, { names, places }: DumpHeader): readonly unknown[] {
  const row = jsonRow(text)
  const missing = places.map((place) => names[place] ?? '').find((name) => !Object.hasOwn(row, name))
  if (missing !== undefined) {
    throw new RowProblem({
      field: missing,
      value: null,
      why: 'is missing in this row',
      wayOut: 'export the table again with row_to_json',
    })
  }
  const unknown = Object.keys(row).find((name) => !names.includes(name))
  if (unknown !== undefined) throw unreadable(unknown, 'has a column that the first row has not', 'remove it')
  return places.map((place): unknown => Reflect.get(row, names[place] ?? ''))
}

function jsonRow(text: string): object {
  let row: unknown
  try {
    row = JSON.parse(withoutMark(text))
  } catch {
    throw unreadable(
      text,
      'is not JSON',
      "write one object a line; COPY in its text format doubles backslashes, psql -At -c 'select row_to_json(…)' does not",
    )
  }
  if (typeof row === 'object' && row !== null && !Array.isArray(row)) return row
  throw unreadable(text, 'is not a JSON object', 'write one object a line')
}

function unreadable(value: unknown, why: string, wayOut: string): RowProblem {
  return new RowProblem({ field: 'row', value, why, wayOut })
}
