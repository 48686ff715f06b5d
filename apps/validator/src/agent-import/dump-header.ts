import { InputError } from '@subnetkit/core'

import { cutRecords, type DumpPosition, type DumpRecord } from './cut-records.ts'
import { dumpColumns } from './dump-tables.ts'
import type { DumpFile } from './find-dump-files.ts'
import { openDumpContent } from './open-dump-content.ts'
import { splitCsvRecord } from './split-csv-record.ts'

/** Which columns a file has. */
export interface DumpHeader {
  /** All of them, in the file's order. */
  readonly names: readonly string[]
  /** Where each column of `dumpColumns` stands among them. */
  readonly places: readonly number[]
  /** Where rows begin. */
  readonly end: DumpPosition
}

/**
 * Reads the columns from the header of a CSV file, or from the first row of a JSONL file; null for a JSONL file without
 * rows.
 *
 * @throws InputError naming all columns that are missing, are there twice, or are neither known nor ignored.
 */
export async function readDumpHeader(
  file: DumpFile,
  ignoredColumns: ReadonlySet<string>,
): Promise<DumpHeader | null> {
  const first = await firstRecord(file)
  if (first === null && file.format === 'jsonl') return null
  const text = withoutMark(first?.text ?? '')
  const names = file.format === 'csv' ? csvNames(text, file) : jsonNames(text, file)
  checkNames(file, names, ignoredColumns)
  const start = file.format === 'csv' ? first?.end : null
  return {
    names,
    places: dumpColumns[file.table].map((column) => names.indexOf(column)),
    end: start ?? { bytes: 0, lines: 0 },
  }
}

/** Text without the byte order mark that some programs begin a file with. */
export function withoutMark(text: string): string {
  return text.startsWith('\uFEFF') ? text.slice(1) : text
}

async function firstRecord(file: DumpFile): Promise<DumpRecord | null> {
  const from = { bytes: 0, lines: 0 }
  const isQuoted = file.format === 'csv'
  for await (const records of cutRecords(openDumpContent(file, 0), { file: file.name, isQuoted, from })) {
    const record = records.find(({ text }) => text === null || text.trim() !== '')
    if (record !== undefined) return record
  }
  return null
}

function csvNames(text: string, file: DumpFile): readonly string[] {
  try {
    return splitCsvRecord(text).map((name) => (name ?? '').trim())
  } catch (cause) {
    throw new InputError({
      field: `${file.name}, line 1`,
      value: text,
      problem: 'is no header',
      hint: 'export the table with \\copy … csv header',
      cause,
    })
  }
}

function jsonNames(text: string, file: DumpFile): readonly string[] {
  try {
    const row: unknown = JSON.parse(text)
    if (typeof row === 'object' && row !== null && !Array.isArray(row)) return Object.keys(row)
  } catch {
    // Told below.
  }
  throw new InputError({
    field: `${file.name}, line 1`,
    value: text,
    problem: 'is not a JSON object',
    hint: "write the rows with psql -At -c 'select row_to_json(t) from … t'",
  })
}

function checkNames(file: DumpFile, names: readonly string[], ignored: ReadonlySet<string>): void {
  const wanted = dumpColumns[file.table]
  const missing = wanted.filter((column) => !names.includes(column))
  if (missing.length > 0) {
    throw new InputError({
      field: file.name,
      problem: `has no column ${missing.join(', ')}`,
      hint: `export all of ${wanted.join(', ')}, with their names in the first line`,
    })
  }
  const twice = wanted.filter((column) => names.indexOf(column) !== names.lastIndexOf(column))
  if (twice.length > 0) {
    throw new InputError({ field: file.name, problem: `has ${twice.join(', ')} twice`, hint: 'leave one' })
  }
  const unknown = names.filter((name) => !wanted.includes(name) && !ignored.has(name))
  if (unknown.length > 0) {
    throw new InputError({
      field: file.name,
      problem: `has columns that are not known: ${unknown.join(', ')}`,
      hint: `pass over them with --ignore-columns ${unknown.join(',')}`,
    })
  }
}
