import { gunzipSync } from 'node:zlib'

import { InputError } from '@subnetkit/core'
import { parse } from 'csv-parse/sync'
import { parquetReadObjects } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'

import { readTruth, type Truth, type TruthColumns, type TruthRow } from '../evaluation/truth.ts'
import type { SourceFile } from '../ports/snapshot-source.ts'
import { formatOfFileName } from '../snapshot/snapshot-files.ts'

/** Largest truth file that is read; it is held in memory. */
const MAX_TRUTH_BYTES = 512 * 1024 * 1024

/**
 * Reads a truth from a Parquet, CSV or JSONL file (text ones also gzipped).
 *
 * @throws InputError when the file is too large, of no known format, broken, or names no positive.
 */
export async function readTruthFile(file: SourceFile, columns: TruthColumns): Promise<Truth> {
  const format = formatOfFileName(file.name)
  if (format === null || file.sizeBytes > MAX_TRUTH_BYTES) {
    throw new InputError({
      field: '--truth',
      value: file.name,
      problem: format === null ? 'is of no known format' : `is larger than ${MAX_TRUTH_BYTES} bytes`,
      hint: 'give a .parquet, .csv, .jsonl, .csv.gz or .jsonl.gz file of truths',
    })
  }
  const bytes = await file.read(0, file.sizeBytes)
  return readTruth(await readRows(file.name, bytes, format), columns, file.name)
}

async function readRows(
  name: string,
  bytes: Uint8Array,
  { format, isGzipped }: NonNullable<ReturnType<typeof formatOfFileName>>,
): Promise<readonly TruthRow[]> {
  try {
    if (format === 'parquet') {
      return await parquetReadObjects({ file: new Uint8Array(bytes).buffer, compressors })
    }
    const text = new TextDecoder('utf-8', { fatal: true }).decode(isGzipped ? gunzipSync(bytes) : bytes)
    return format === 'csv' ? readCsv(text) : readJsonLines(text)
  } catch (error) {
    throw new InputError({
      field: name,
      problem: `cannot be read as ${format}`,
      hint: 'check that the file is whole',
      cause: error,
    })
  }
}

function readCsv(text: string): readonly TruthRow[] {
  const rows: unknown = parse(text, { columns: true, bom: true, skip_empty_lines: true })
  return Array.isArray(rows) ? rows.filter(isRow) : []
}

function readJsonLines(text: string): readonly TruthRow[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line): unknown => JSON.parse(line))
    .filter(isRow)
}

function isRow(value: unknown): value is TruthRow {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
