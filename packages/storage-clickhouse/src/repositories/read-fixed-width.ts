import { StorageError } from '@subnetkit/core'

import type { ClickHouseConnection, Statement } from '../connection.ts'

/** Reads one row at an offset of a buffer and stores it under its number. */
export type StoreRow = (view: DataView, offset: number, row: number) => void

/** A statement whose rows all have the same width in RowBinary, and how many there are. */
export interface FixedWidthStatement extends Statement {
  /** Bytes per row. */
  readonly width: number
  /** Rows that the caller made room for. */
  readonly rows: number
  readonly store: StoreRow
}

/**
 * Reads numbers in binary, without a text or an object per row. What comes must be exactly the announced rows: fewer or
 * more mean that the rows changed meanwhile or that the answer was cut, and give StorageError `conflict`.
 */
export async function readFixedWidth(
  connection: ClickHouseConnection,
  { width, rows, store, sql, ...statement }: FixedWidthStatement,
): Promise<void> {
  let row = 0
  let rest: Buffer = Buffer.alloc(0)
  for await (const chunk of connection.read({ ...statement, sql: `${sql}\nFORMAT RowBinary` })) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    const whole = Math.floor(bytes.length / width)
    if (row + whole > rows) throw changed(rows, row + whole)
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    for (let index = 0; index < whole; index += 1) store(view, index * width, row + index)
    row += whole
    rest = bytes.subarray(whole * width)
  }
  if (row !== rows || rest.length !== 0) throw changed(rows, row)
}

function changed(expected: number, found: number): StorageError {
  return new StorageError({
    code: 'conflict',
    message: `${expected} rows were announced and ${found} came: the rows changed while they were read; read again`,
    retryable: true,
    details: { expected, found },
  })
}
