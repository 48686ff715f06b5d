import { showValue, StorageError } from '@subnetkit/core'

import { NumberValue, type Item } from '../codecs/item.ts'

/**
 * A continuation key as opaque text. `scope` ties it to the method and the parameters that gave it, so that a cursor
 * of one list never reads on in another.
 */
export function encodeCursor(scope: string, key: Item): string {
  const parts = Object.entries(key).map(([name, value]) => [name, ...encodeValue(value)])
  return Buffer.from(JSON.stringify([scope, parts])).toString('base64url')
}

/** @throws StorageError `invalid_input` when the text is no cursor, or one of another scope. */
export function decodeCursor(scope: string, cursor: string): Item {
  const decoded = parse(cursor)
  if (!Array.isArray(decoded) || decoded.length !== 2 || !Array.isArray(decoded[1])) throw badCursor(cursor)
  if (decoded[0] !== scope) throw badCursor(cursor)
  const key: Record<string, unknown> = {}
  for (const part of decoded[1]) {
    if (!Array.isArray(part)) throw badCursor(cursor)
    const [name, type, value]: readonly unknown[] = part
    if (typeof name !== 'string' || typeof value !== 'string') throw badCursor(cursor)
    key[name] = decodeValue(type, value, cursor)
  }
  return key
}

function encodeValue(value: unknown): readonly [string, string] {
  if (value instanceof NumberValue) return ['N', value.value]
  if (value instanceof Uint8Array) return ['B', Buffer.from(value).toString('base64')]
  if (typeof value === 'string') return ['S', value]
  throw new StorageError({
    code: 'corrupt_row',
    message: 'a continuation key holds text, numbers or bytes only',
  })
}

function decodeValue(type: unknown, value: string, cursor: string): unknown {
  if (type === 'S') return value
  if (type === 'N') return NumberValue.from(value)
  if (type === 'B') return new Uint8Array(Buffer.from(value, 'base64'))
  throw badCursor(cursor)
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
  } catch {
    throw badCursor(cursor)
  }
}

function badCursor(cursor: string): StorageError {
  return new StorageError({
    code: 'invalid_input',
    message: `cursor: ${showValue(cursor)} is not one that this list gave; start again without a cursor`,
    details: { field: 'cursor' },
  })
}
