import { createReadStream } from 'node:fs'

import { checkpoint, InputError } from '@subnetkit/core'
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet'
import { z } from 'zod'

import { outputLimits } from '../validation/output-limits.ts'
import { readReportLines } from '../validation/read-report-lines.ts'

/** Nothing of ours is cut: these files were written here, and are read up to their end. */
const unlimited = { ...outputLimits, reportBytes: Number.MAX_SAFE_INTEGER }

const rowSchema = z.record(z.string(), z.unknown())

/**
 * Reads some columns of a table that `generateDataset` wrote, batch by batch: of Parquet a row group at a time and only
 * the bytes of these columns, of JSONL a chunk at a time. One batch is held, some 20,000 rows.
 *
 * @throws InputError when the file is of another format, or a line is no row; the signal's reason between two batches.
 */
export async function* readTableColumns(
  path: string,
  columns: readonly string[],
  signal: AbortSignal,
): AsyncGenerator<readonly Readonly<Record<string, unknown>>[]> {
  if (path.endsWith('.parquet')) yield* readParquet(path, columns, signal)
  else if (path.endsWith('.jsonl')) yield* readJsonLines(path, signal)
  else throw unreadable(path, 'is neither .parquet nor .jsonl')
}

async function* readParquet(
  path: string,
  columns: readonly string[],
  signal: AbortSignal,
): AsyncGenerator<readonly Readonly<Record<string, unknown>>[]> {
  const file = await asyncBufferFromFile(path)
  const metadata = await parquetMetadataAsync(file)
  let rowStart = 0
  for (const group of metadata.row_groups) {
    await checkpoint(signal)
    const rowEnd = rowStart + Number(group.num_rows)
    yield await parquetReadObjects({ file, metadata, columns: [...columns], rowStart, rowEnd })
    rowStart = rowEnd
  }
}

async function* readJsonLines(
  path: string,
  signal: AbortSignal,
): AsyncGenerator<readonly Readonly<Record<string, unknown>>[]> {
  const chunks = createReadStream(path, { highWaterMark: 1 << 20 })
  for await (const lines of readReportLines(chunks, unlimited)) {
    await checkpoint(signal)
    yield lines.map((line) => {
      const row = rowSchema.safeParse(line)
      if (row.success) return row.data
      throw unreadable(path, 'holds a line that is no row')
    })
  }
}

function unreadable(path: string, problem: string): InputError {
  return new InputError({ field: path, problem, hint: 'make the dataset again' })
}
