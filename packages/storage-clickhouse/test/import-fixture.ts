import type { ImportFileParams, ImportFormat, ImportResult, ImportTarget, SnapshotKey } from '@subnetkit/core'
import { isInputError } from '@subnetkit/core'
import { buildSnapshotKey } from '@subnetkit/core/contracts'

import type { MinerStore } from './miner-store.ts'

/** A cell of a source file. */
export type Cell = string | number | boolean | null | readonly (string | number)[]
/** A row of a source file, by column name. */
export type SourceRow = Readonly<Record<string, Cell>>
/** What a test may say beyond rows. */
export type ImportExtra = Partial<Pick<ImportFileParams, 'columnMap' | 'transfers' | 'sourceColumns'>>

/** A file's bytes, chunk by chunk. */
export async function* bytes(...chunks: readonly (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks)
    yield await Promise.resolve(typeof chunk === 'string' ? Buffer.from(chunk) : chunk)
}

function csvCell(cell: Cell | undefined): string {
  if (cell === null || cell === undefined) return ''
  const text = typeof cell === 'object' ? JSON.stringify(cell) : String(cell)
  return `"${text.replaceAll('"', '""')}"`
}

/** An alert as a source file has it. */
export const alertSource: SourceRow = {
  alert_id: 'a-1',
  address: '5Grw',
  typology_type: 'STRUCTURING',
  severity: 'HIGH',
  alert_confidence_score: 0.875,
  volume_usd: '1000000000000.123456789012345678',
  risk_indicators: ['it"s', 'a,b'],
}
/** A transfer as a source file has it. */
export const transferSource: SourceRow = {
  block_timestamp: Date.UTC(2025, 6, 20, 1, 2, 3, 345),
  from_address: '5A',
  to_address: '5B',
  asset_symbol: 'TAO',
  amount: '12.5',
  amount_usd: '3000.000001',
}
const milliseconds = { timestampUnit: 'ms', amounts: 'keep' } as const

/** Imports into a store, in the forms that tests need. */
export interface Importing {
  /** Bytes of any format. */
  importBytes(
    target: ImportTarget,
    format: ImportFormat,
    content: AsyncIterable<Uint8Array>,
    sourceColumns: readonly string[],
    key?: SnapshotKey,
    extra?: ImportExtra,
  ): Promise<ImportResult>
  /** Rows as a CSV file with all their columns. */
  importRows(
    target: ImportTarget,
    rows: readonly SourceRow[],
    key?: SnapshotKey,
    extra?: ImportExtra,
  ): Promise<ImportResult>
  /** The bytes of a Parquet file with a query's rows. */
  parquet(sql: string): Promise<Uint8Array>
}

/** Importing into a store that a suite opens later. */
export function importingInto(store: () => MinerStore): Importing {
  const importBytes = async (
    target: ImportTarget,
    format: ImportFormat,
    content: AsyncIterable<Uint8Array>,
    sourceColumns: readonly string[],
    key: SnapshotKey = buildSnapshotKey(),
    extra: ImportExtra = {},
  ): Promise<ImportResult> =>
    store().repositories.snapshotImports.importFile({
      key,
      target,
      fileName: `${target}.${format}`,
      format,
      sourceColumns,
      content,
      ...(target === 'transfers' ? { transfers: milliseconds } : {}),
      ...extra,
    })

  const importRows = async (
    target: ImportTarget,
    rows: readonly SourceRow[],
    key = buildSnapshotKey(),
    extra: ImportExtra = {},
  ): Promise<ImportResult> => {
    const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))]
    const lines = rows.map((row) => `${columns.map((name) => csvCell(row[name])).join(',')}\n`)
    return importBytes(target, 'csv', bytes(`${columns.join(',')}\n`, ...lines), columns, key, extra)
  }

  const parquet = async (sql: string): Promise<Uint8Array> => {
    const chunks: Uint8Array[] = []
    for await (const chunk of store().connection.read({ sql: `${sql} FORMAT Parquet` })) chunks.push(chunk)
    return Buffer.concat(chunks)
  }
  return { importBytes, importRows, parquet }
}

/** The message of the InputError with which work ends; any other end is a failure of the test. */
export async function refusal(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(
    () => 'it was accepted',
    (problem: unknown) => problem,
  )
  if (!isInputError(error)) throw error
  return error.message
}
