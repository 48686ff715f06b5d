import type { z } from 'zod'

import { showValue } from '../errors/input-error.ts'
import { StorageError } from '../errors/storage-error.ts'
import { toColumn } from './column-name.ts'
import { createRowReader, rowToDict } from './row-reader.ts'

/** Where a row came from; it serves error messages only. */
export interface RowPlace {
  /** The table or file that was read. */
  readonly source?: string
  /** The row's place in what was read, from 0. */
  readonly rowNumber?: number
}

/** What {@link rowToModel} may be told: the names of a positional row, and where the row came from. */
export interface RowToModelOptions extends RowPlace {
  /** Names of positional values, in order. Needed for arrays, unused for rows that carry names. */
  readonly fields?: readonly string[]
}

const SHOWN_ISSUES = 5

/**
 * One stored row as a model, decoded by the row's schema. A row is either named (an object) or positional (an array,
 * with `fields`). Whatever does not fit throws `corrupt_row` with source, row number, column and value: drift between
 * store and code must be loud, never a default.
 */
export function rowToModel<Model>(
  schema: z.ZodType<Model>,
  row: readonly unknown[] | Readonly<Record<string, unknown>>,
  options: RowToModelOptions = {},
): Model {
  const dict = isPositional(row) ? rowToDict(row, requireFields(options), options.rowNumber) : row
  return decode(schema, dict, options)
}

/**
 * All rows of one answer as models, in order. Row numbers in failures count from `place.rowNumber`, or from 0, so that
 * a caller who reads in blocks can pass the block's offset.
 */
export function rowsToModels<Model>(
  schema: z.ZodType<Model>,
  rows: Iterable<readonly unknown[]>,
  fields: readonly string[],
  place: RowPlace = {},
): Model[] {
  const read = createRowReader(fields)
  const models: Model[] = []
  let rowNumber = place.rowNumber ?? 0
  for (const values of rows) {
    const dict = read(values, rowNumber)
    const result = schema.safeParse(dict)
    if (!result.success) throw corruptRow(result.error, dict, { ...place, rowNumber })
    models.push(result.data)
    rowNumber++
  }
  return models
}

function decode<Model>(
  schema: z.ZodType<Model>,
  dict: Readonly<Record<string, unknown>>,
  place: RowPlace,
): Model {
  const result = schema.safeParse(dict)
  if (result.success) return result.data
  throw corruptRow(result.error, dict, place)
}

function isPositional(
  row: readonly unknown[] | Readonly<Record<string, unknown>>,
): row is readonly unknown[] {
  return Array.isArray(row)
}

function requireFields(options: RowToModelOptions): readonly string[] {
  if (options.fields !== undefined) return options.fields
  throw new StorageError({
    code: 'bad_query',
    message: 'a positional row needs `fields`, the names of its values in order',
  })
}

function corruptRow(
  error: z.ZodError,
  dict: Readonly<Record<string, unknown>>,
  place: RowPlace,
): StorageError {
  const problems = error.issues.slice(0, SHOWN_ISSUES).map((issue) => describeIssue(issue, dict))
  const more = error.issues.length - problems.length
  const where = `row${place.rowNumber === undefined ? '' : ` ${place.rowNumber}`}${place.source === undefined ? '' : ` of ${place.source}`}`
  return new StorageError({
    code: 'corrupt_row',
    message: `${where} does not fit its schema: ${problems.map(({ text }) => text).join('; ')}${more > 0 ? `; and ${more} more` : ''}`,
    cause: error,
    details: {
      ...(place.source === undefined ? {} : { source: place.source }),
      ...(place.rowNumber === undefined ? {} : { rowNumber: place.rowNumber }),
      columns: problems.map(({ column }) => column),
    },
  })
}

function describeIssue(
  issue: z.core.$ZodIssue,
  dict: Readonly<Record<string, unknown>>,
): { column: string; text: string } {
  if (issue.code === 'unrecognized_keys') {
    const column = issue.keys.join(', ')
    return { column, text: `unknown field ${column}` }
  }
  const [field, ...inner] = issue.path
  if (typeof field !== 'string') return { column: '', text: issue.message }
  const column = columnOf(field) + inner.map((part) => `[${String(part)}]`).join('')
  const shown = Object.hasOwn(dict, field) ? ` (value ${showValue(dict[field])})` : ' (no value)'
  return { column, text: `column ${column}: ${issue.message}${shown}` }
}

/** A row schema of someone else's may use names that have no column form; they are then shown as they are. */
function columnOf(field: string): string {
  try {
    return toColumn(field)
  } catch {
    return field
  }
}
