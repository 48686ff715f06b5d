import { StorageError } from '@subnetkit/core'
import type { z } from 'zod'

import { quoteIdentifier } from '../quote-identifier.ts'
import { compileReader } from './compile-reader.ts'
import { compileWriter } from './compile-writer.ts'
import { explainObject, explainWireRow, type RowFault } from './explain-row.ts'
import { planRow, type ColumnsOf, type RowPlan, type RowSchema } from './row-plan.ts'

/** The table engines that codecs know. On the Replacing one, reads carry FINAL and writes carry a version. */
export type TableEngine = 'MergeTree' | 'ReplacingMergeTree'

/** A column as the drift check expects it. */
export interface ExpectedColumn {
  readonly name: string
  readonly type: string
}

/** Decodes result rows: what a SELECT of these columns, in this order, gives. */
export interface RowReader<Row> {
  /** For messages: the table's name, or what the result is. */
  readonly label: string
  readonly fields: readonly string[]
  /** Quoted names, comma-separated, in the order in which rows are decoded. */
  readonly columnList: string
  /**
   * Checks and appends decoded rows. Throws StorageError `corrupt_row`, naming row (counted from `firstRow`), field and
   * value, when something does not fit the schema.
   */
  decode(rows: readonly unknown[], out: Row[], firstRow?: number): void
}

/** One table's rows, read and written by the same schema. */
export interface RowCodec<Row> extends RowReader<Row> {
  readonly table: string
  readonly engine: TableEngine
  /** The version column of a Replacing table, which is no field of the model; null on others. */
  readonly versionColumn: string | null
  /** Quoted names of everything an INSERT carries: the columns, then the version where there is one. */
  readonly insertList: string
  /** All columns that the table must have. */
  readonly expectedColumns: readonly ExpectedColumn[]
  /** Makes a line writer; each insert has its own, because it remembers the last values. */
  createWriter(version: bigint | null): RowWriter<Row>
}

/** Writes rows as JSONCompactEachRow lines. */
export interface RowWriter<Row> {
  /**
   * The row's line, with its line break. Throws StorageError `invalid_input`, naming row (`rowNumber`, counted from 1),
   * field and value, when the row does not fit schema and columns.
   */
  line(row: Row, rowNumber: number): string
}

/** What {@link rowCodec} is made of. */
export interface RowCodecOptions<Schema extends RowSchema> {
  /** The table's name, without database. */
  readonly table: string
  readonly engine: TableEngine
  readonly schema: Schema
  readonly columns: ColumnsOf<Schema>
  /** @default `_version` on ReplacingMergeTree, none on MergeTree */
  readonly versionColumn?: string
}

/**
 * The one description of a table's rows: column list, reader, writer and drift check follow from it. A row fits when the
 * schema accepts it and every value fits its column; nothing is rounded, cut or defaulted.
 */
export function rowCodec<Schema extends RowSchema>(
  options: RowCodecOptions<Schema>,
): RowCodec<z.infer<Schema>> {
  const { table, engine, schema, columns } = options
  quoteIdentifier(table)
  const plan = planRow(table, schema, columns)
  const versionColumn = engine === 'ReplacingMergeTree' ? (options.versionColumn ?? '_version') : null
  const version: readonly ExpectedColumn[] =
    versionColumn === null ? [] : [{ name: versionColumn, type: 'UInt64' }]
  const reader = createReader<z.infer<Schema>>(table, plan)
  const expectedColumns = [...plan.columns.map(({ name, spec }) => ({ name, type: spec.type })), ...version]
  return {
    ...reader,
    table,
    engine,
    versionColumn,
    insertList: expectedColumns.map(({ name }) => quoteIdentifier(name)).join(', '),
    expectedColumns,
    createWriter: (value) => createWriter<z.infer<Schema>>(table, plan, versionColumn, value),
  }
}

/** What {@link rowReader} is made of. */
export interface RowReaderOptions<Schema extends RowSchema> {
  /** For messages: what the result is, such as `scores per bin`. */
  readonly label: string
  readonly schema: Schema
  readonly columns: ColumnsOf<Schema>
}

/** A reader for results that are no table's rows: aggregates, joins. Select the columns in the order of `columns`. */
export function rowReader<Schema extends RowSchema>(
  options: RowReaderOptions<Schema>,
): RowReader<z.infer<Schema>> {
  return createReader(options.label, planRow(options.label, options.schema, options.columns))
}

function createReader<Row>(label: string, plan: RowPlan): RowReader<Row> {
  const read = compileReader<Row>(plan)
  return {
    label,
    fields: plan.columns.map(({ field }) => field),
    columnList: plan.columns.map(({ name }) => quoteIdentifier(name)).join(', '),
    decode(rows, out, firstRow = 1) {
      const failed = read(rows, out)
      if (failed < 0) return
      throw refusal('corrupt_row', label, firstRow + failed, explainWireRow(plan, rows[failed]))
    },
  }
}

function createWriter<Row>(
  label: string,
  plan: RowPlan,
  versionColumn: string | null,
  version: bigint | null,
): RowWriter<Row> {
  if (versionColumn !== null && version === null) {
    throw new StorageError({
      code: 'invalid_input',
      message: `${label}: rows of a ReplacingMergeTree need a version; pass a version clock or a version`,
    })
  }
  const write = compileWriter<Row>(plan)
  const tail = versionColumn === null || version === null ? '' : `,"${version}"`
  return {
    line(row, rowNumber) {
      const text = write(row, tail)
      if (text !== '') return text
      throw refusal('invalid_input', label, rowNumber, explainObject(plan, row))
    },
  }
}

function refusal(
  code: 'corrupt_row' | 'invalid_input',
  label: string,
  row: number,
  { field, problem }: RowFault,
): StorageError {
  const at = field === null ? '' : ` ${field}:`
  return new StorageError({
    code,
    message: `${label}, row ${row}:${at} ${problem}`,
    details: { table: label, row, field },
  })
}
