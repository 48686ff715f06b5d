import { InputError, type ImportFileParams } from '@subnetkit/core'

import type { RowCodec } from '../codecs/row-codec.ts'
import type { ValueKind } from './value-kind.ts'

/** One field that a file may fill. */
export interface ImportField {
  /** The model's field, as `columnMap` names it. */
  readonly field: string
  /** Columns to look for where the map does not name one, best first. */
  readonly columns: readonly string[]
  readonly kind: ValueKind
  /** SQL for the value where the file has none; absent when the file must have it. */
  readonly byDefault?: string
  /** The value is a list, which Parquet keeps as a column type of its own. */
  readonly isList?: true
}

/** A field, and where this file has it. */
export interface PlannedField extends ImportField {
  /** Index into the source's columns; null when the file lacks the column and the default applies to all rows. */
  readonly source: number | null
}

/** How one file becomes rows of one table. */
export interface ImportPlan {
  readonly codec: Pick<RowCodec<never>, 'table' | 'insertList'>
  readonly fields: readonly PlannedField[]
  /** SQL for each target column after the key, in the table's order, over `value_<field>` and `_row`. */
  readonly select: readonly string[]
  /** SQL for what must be unique, over the same names, and its name for messages; null where it cannot but be. */
  readonly unique: { readonly sql: string; readonly name: string } | null
}

/** Name of a field's normalised value inside the generated statements. */
export function valueName(field: string): string {
  return `value_${field}`
}

/**
 * SQL for a field's value: parsed where the text is there, the default where it is not. Both branches of an `if` may run
 * on the same rows, so a missing text is replaced by one that parses.
 */
export function fieldValue({ source, kind, byDefault, isList }: PlannedField): string {
  if (source === null) return byDefault ?? 'NULL'
  const text = `assumeNotNull(c${source})`
  if (byDefault === undefined) return kind.value(text)
  return `if(${isMissing(source)}, ${byDefault}, ${kind.value(`if(${isMissing(source)}, ${isList === true ? `'[]'` : `'0'`}, ${text})`)})`
}

/** SQL that is 1 where a row has no value in a staged column. */
export function isMissing(source: number): string {
  return `(isNull(c${source}) OR c${source} = '')`
}

/** Finds each field's column. Missing columns, unknown fields and columns that the map invents are refused. */
export function locateFields(
  { columnMap = {}, sourceColumns, fileName }: ImportFileParams,
  fields: readonly ImportField[],
): readonly PlannedField[] {
  const known = new Set(fields.map(({ field }) => field))
  for (const [field, column] of Object.entries(columnMap)) {
    if (!known.has(field)) {
      throw new InputError({
        field: `${fileName}: column map`,
        value: field,
        problem: 'is not a field that this file can fill',
        hint: `use one of ${[...known].join(', ')}`,
      })
    }
    if (!sourceColumns.includes(column)) throw missingColumn(fileName, column, sourceColumns)
  }
  return fields.map((field) => {
    const names = Object.hasOwn(columnMap, field.field)
      ? [columnMap[field.field]]
      : [...field.columns, field.field]
    const source = sourceColumns.findIndex((column) => names.includes(column))
    if (source < 0 && field.byDefault === undefined) {
      throw missingColumn(fileName, field.columns[0] ?? field.field, sourceColumns)
    }
    return { ...field, source: source < 0 ? null : source }
  })
}

/** The refusal of a file that lacks a column. */
export function missingColumn(
  fileName: string,
  column: string,
  sourceColumns: readonly string[],
): InputError {
  return new InputError({
    field: `${fileName}: ${column}`,
    problem: 'is a column that the file does not have',
    hint: `map a column of the file to it; the file has ${sourceColumns.slice(0, 20).join(', ')}`,
  })
}

const READABLE_NAME = /^[^`'"\\\p{Cc}]{1,256}$/u

/** Refuses headers that cannot be told apart or written into a statement. */
export function checkSourceColumns({ sourceColumns, fileName }: ImportFileParams): void {
  const seen = new Set<string>()
  for (const column of sourceColumns) {
    const problem = seen.has(column)
      ? 'stands twice in the header'
      : READABLE_NAME.test(column)
        ? null
        : 'is not a column name: 1–256 characters without quotes, backslashes and control characters'
    if (problem !== null) {
      throw new InputError({
        field: `${fileName}: header`,
        value: column,
        problem,
        hint: 'rename the column in the source',
      })
    }
    seen.add(column)
  }
  if (sourceColumns.length === 0) {
    throw new InputError({ field: fileName, problem: 'has no columns', hint: 'give a file with a header' })
  }
}
