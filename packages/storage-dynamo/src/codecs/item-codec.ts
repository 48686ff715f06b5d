import { StorageError } from '@subnetkit/core'
import { z } from 'zod'

import { assertStorable, NOT_STORABLE, storableBytes } from './assert-storable.ts'
import { rememberChecked } from './checked-items.ts'
import { compileEncode } from './compile-encode.ts'
import { itemSize, MAX_ITEM_BYTES } from './item-size.ts'
import type { Item } from './item.ts'

/** Turns a model into an item and back; both directions are checked by one schema. */
export interface ItemCodec<Model> {
  /** Names the kind of item in messages. */
  readonly name: string
  /** @throws StorageError `invalid_input` naming the field: not of the schema, or the item exceeds 400 KB. */
  encode(model: Model): Item
  /** @throws StorageError `corrupt_row` naming the field: an attribute is missing, unknown, or not of its type. */
  decode(item: Item): Model
}

/** What an item is made of. */
export interface ItemCodecOptions<Model> {
  /** For messages, for example `systemConfig`. */
  readonly name: string
  /** A strict object of attribute codecs; its output is the model, its input the attributes. */
  readonly schema: z.ZodType<Model>
  /**
   * The key attributes (of the table and of its indexes, and the expiry attribute), derived from the model. They are
   * written beside the attributes of the schema, and checked against the model when an item is read.
   */
  readonly keys: (model: Model) => Item
}

/** Builds the codec of one kind of item. Our own repositories use nothing else. */
export function createItemCodec<Model>(options: ItemCodecOptions<Model>): ItemCodec<Model> {
  const { name, schema, keys } = options
  const encode = compileEncode(schema)
  return {
    name,
    encode(model) {
      const encoded = encode(model)
      if (!encoded.success) throw failure('invalid_input', name, encoded.error)
      if (!isObject(encoded.data)) throw notAnObject('invalid_input', name)
      const item: Item = { ...encoded.data, ...keys(model) }
      const atMost = storableBytes(item, 0)
      if (atMost === NOT_STORABLE) assertStorable(item, name)
      if (atMost > MAX_ITEM_BYTES) assertFits(item, name)
      return rememberChecked(item)
    },
    decode(item) {
      const decoded = decodeFields(item, schema, name)
      const expected = keys(decoded)
      for (const [key, value] of Object.entries(expected)) {
        if (!isSameKey(item[key], value)) throw wrongKey(name, key)
      }
      return decoded
    },
  }

  function decodeFields(item: Item, fields: z.ZodType<Model>, kind: string): Model {
    // The key attributes cannot be named before the model is known, so an unknown attribute is told by a second look.
    const declared = schemaFields(fields)
    const body = Object.fromEntries(Object.entries(item).filter(([field]) => declared.has(field)))
    const decoded = z.safeDecode(fields, body)
    if (!decoded.success) throw failure('corrupt_row', kind, decoded.error)
    const known = keys(decoded.data)
    const unknown = Object.keys(item).filter((field) => !declared.has(field) && !Object.hasOwn(known, field))
    if (unknown.length > 0) throw unknownAttributes(kind, unknown)
    return decoded.data
  }
}

function schemaFields(schema: z.ZodType): ReadonlySet<string> {
  if (schema instanceof z.ZodObject) return new Set(Object.keys(schema.shape))
  throw notAnObject('bad_query', 'item schema')
}

function isObject(encoded: unknown): encoded is object {
  return typeof encoded === 'object' && encoded !== null
}

function isSameKey(stored: unknown, expected: unknown): boolean {
  if (typeof stored === typeof expected && typeof stored !== 'object') return stored === expected
  return String(stored) === String(expected)
}

function failure(code: 'invalid_input' | 'corrupt_row', name: string, error: z.ZodError): StorageError {
  const issue = error.issues[0]
  const path = [name, ...(issue?.path ?? [])].join('.')
  return new StorageError({
    code,
    message: `${path}: ${issue?.message ?? 'does not fit'}`,
    cause: error,
    details: { path },
  })
}

function notAnObject(code: 'invalid_input' | 'bad_query', name: string): StorageError {
  return new StorageError({ code, message: `${name}: must be an object of attributes` })
}

function assertFits(item: Item, name: string): void {
  const bytes = itemSize(item)
  if (bytes <= MAX_ITEM_BYTES) return
  throw new StorageError({
    code: 'invalid_input',
    message: `${name}: ${bytes} bytes exceed the ${MAX_ITEM_BYTES} that an item may have`,
    details: { bytes, maxBytes: MAX_ITEM_BYTES },
  })
}

function wrongKey(name: string, key: string): StorageError {
  return new StorageError({
    code: 'corrupt_row',
    message: `${name}: the key attribute ${key} does not belong to the item's fields`,
    details: { key },
  })
}

function unknownAttributes(name: string, unknown: readonly string[]): StorageError {
  return new StorageError({
    code: 'corrupt_row',
    message: `${name}: unknown attributes ${unknown.join(', ')}; a newer version may have written them`,
    details: { unknown },
  })
}
