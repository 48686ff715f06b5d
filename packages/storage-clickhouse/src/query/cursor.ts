import { StorageError } from '@subnetkit/core'

import { instantText } from '../query-params.ts'

/** A key's value in a cursor. */
export type CursorValue = string | number | boolean

const LONGEST = 65_536

/**
 * An opaque place in a list: the last row's key values as base64url of JSON. Dates become UTC texts and bigints decimal
 * texts, which is how they travel as parameters.
 */
export function encodeCursor(values: readonly unknown[]): string {
  return Buffer.from(JSON.stringify(values.map(toCursorValue))).toString('base64url')
}

/** The values of a cursor; StorageError `invalid_input` for anything that {@link encodeCursor} did not write. */
export function decodeCursor(cursor: string, length: number): readonly CursorValue[] {
  const values = cursor.length <= LONGEST && /^[\w-]+$/.test(cursor) ? parse(cursor) : null
  if (Array.isArray(values) && values.length === length && values.every(isCursorValue)) return values
  throw new StorageError({
    code: 'invalid_input',
    message: 'the cursor is not one that this list gave; start again without a cursor',
    details: { field: 'cursor' },
  })
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
  } catch {
    return null
  }
}

function isCursorValue(value: unknown): value is CursorValue {
  return typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)
}

function toCursorValue(value: unknown): CursorValue {
  if (value instanceof Date) return instantText(value)
  if (typeof value === 'bigint') return String(value)
  if (isCursorValue(value)) return value
  throw new StorageError({
    code: 'bad_query',
    message: `a page key cannot be ${value === null ? 'null' : typeof value}`,
  })
}
