import { gunzipSync, constants } from 'node:zlib'

import { type ImportFormat, InputError } from '@subnetkit/core'
import { parquetMetadataAsync } from 'hyparquet'

import type { SourceFile } from '../ports/snapshot-source.ts'

const HEAD_BYTES = 1024 * 1024

/**
 * The column names of a file in order: of Parquet from its footer, of CSV from its header line, of JSONL from its first
 * object.
 *
 * @throws InputError when the file is cut off, has no header, or is not of its format.
 */
export async function readSourceColumns(
  file: SourceFile,
  format: ImportFormat,
  isGzipped: boolean,
): Promise<readonly string[]> {
  if (format === 'parquet') return parquetColumns(file)
  const line = await firstLine(file, isGzipped)
  const columns = format === 'csv' ? csvFields(line) : jsonKeys(line)
  if (columns !== null && columns.length > 0 && columns.every((column) => column !== '')) return columns
  throw new InputError({
    field: file.name,
    value: line,
    problem: format === 'csv' ? 'has no readable header line' : 'does not begin with a JSON object',
    hint: format === 'csv' ? 'the first line must name the columns' : 'write one JSON object a line',
  })
}

async function parquetColumns(file: SourceFile): Promise<readonly string[]> {
  try {
    const metadata = await parquetMetadataAsync({
      byteLength: file.sizeBytes,
      slice: async (start: number, end: number = file.sizeBytes) => {
        const from = start < 0 ? file.sizeBytes + start : start
        const bytes = await file.read(from, end)
        return new Uint8Array(bytes).buffer
      },
    })
    return topLevelNames(metadata.schema)
  } catch (error) {
    throw new InputError({
      field: file.name,
      problem: 'is not a whole Parquet file',
      hint: 'fetch it again, it may be cut off',
      cause: error,
    })
  }
}

interface SchemaElement {
  readonly name: string
  readonly num_children?: number | undefined
}

/** The schema is a tree written depth first; its root comes first. */
function topLevelNames(schema: readonly SchemaElement[]): readonly string[] {
  const names: string[] = []
  let index = 1
  const skip = (): void => {
    const children = schema[index]?.num_children ?? 0
    index += 1
    for (let child = 0; child < children; child += 1) skip()
  }
  while (index < schema.length) {
    names.push(schema[index]?.name ?? '')
    skip()
  }
  return names
}

async function firstLine(file: SourceFile, isGzipped: boolean): Promise<string> {
  const raw = await file.read(0, Math.min(file.sizeBytes, HEAD_BYTES))
  const head = isGzipped ? unzipHead(file, raw) : raw
  const text = new TextDecoder().decode(head)
  const end = text.indexOf('\n')
  return (end === -1 ? text : text.slice(0, end)).replace(/^\uFEFF/, '').trimEnd()
}

function unzipHead(file: SourceFile, raw: Uint8Array): Uint8Array {
  try {
    return gunzipSync(raw, { finishFlush: constants.Z_SYNC_FLUSH })
  } catch (error) {
    throw new InputError({
      field: file.name,
      problem: 'is not gzip',
      hint: 'fetch it again, or drop the .gz from its name',
      cause: error,
    })
  }
}

/** Fields of one CSV line, quotes understood; null when a quote stays open. */
function csvFields(line: string): readonly string[] | null {
  const fields: string[] = []
  let rest = line
  for (;;) {
    const match = /^(?:"((?:[^"]|"")*)"|([^",]*))(,|$)/.exec(rest)
    if (match === null) return null
    fields.push(match[1] === undefined ? (match[2] ?? '') : match[1].replaceAll('""', '"'))
    if (match[3] === '') return fields
    rest = rest.slice(match[0].length)
  }
}

function jsonKeys(line: string): readonly string[] | null {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : null
  } catch {
    return null
  }
}
