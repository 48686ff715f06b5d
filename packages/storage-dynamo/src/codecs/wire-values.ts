import type { AttributeValue } from '@aws-sdk/client-dynamodb'
import { showValue, StorageError } from '@subnetkit/core'

import { NumberValue, type Item } from './item.ts'

/** An item as DynamoDB's own protocol writes it. */
export type WireItem = Record<string, AttributeValue>

/**
 * Writes an item down for the wire as the document client does, in one plain walk: for batches, where the document
 * client's general way is a fifth of the cost. The values were judged by `assertStorable` before.
 */
export function toWireItem(item: Item): WireItem {
  const wire: WireItem = {}
  for (const [name, value] of Object.entries(item)) wire[name] = toWire(value)
  return wire
}

/** Reads what {@link toWireItem} writes; numbers become {@link NumberValue}. */
export function fromWireItem(wire: WireItem): Item {
  return Object.fromEntries(Object.entries(wire).map(([name, value]) => [name, fromWire(value)]))
}

function toWire(value: unknown): AttributeValue {
  switch (typeof value) {
    case 'string':
      return { S: value }
    case 'number':
    case 'bigint':
      return { N: numberText(value) }
    case 'boolean':
      return { BOOL: value }
    default:
      return objectToWire(value)
  }
}

function objectToWire(value: unknown): AttributeValue {
  if (value === null) return { NULL: true }
  if (value instanceof NumberValue) return { N: value.value }
  if (value instanceof Uint8Array) return { B: value }
  if (value instanceof Set) return setToWire([...value])
  if (Array.isArray(value)) return { L: value.map(toWire) }
  if (typeof value === 'object') return { M: toWireItem(Object.fromEntries(Object.entries(value))) }
  throw new StorageError({ code: 'invalid_input', message: `${showValue(value)} cannot be stored` })
}

function setToWire(members: readonly unknown[]): AttributeValue {
  const texts = members.filter((member) => typeof member === 'string')
  if (texts.length === members.length) return { SS: texts }
  const bytes = members.filter((member) => member instanceof Uint8Array)
  if (bytes.length === members.length) return { BS: bytes }
  return { NS: members.map((member) => (member instanceof NumberValue ? member.value : numberText(member))) }
}

function numberText(value: unknown): string {
  return Object.is(value, -0) ? '0' : String(value)
}

function fromWire(value: AttributeValue): unknown {
  if (value.S !== undefined) return value.S
  if (value.N !== undefined) return NumberValue.from(value.N)
  if (value.BOOL !== undefined) return value.BOOL
  if (value.NULL !== undefined) return null
  if (value.B !== undefined) return value.B
  if (value.L !== undefined) return value.L.map(fromWire)
  if (value.M !== undefined) return fromWireItem(value.M)
  if (value.SS !== undefined) return new Set(value.SS)
  if (value.NS !== undefined) return new Set(value.NS.map((text) => NumberValue.from(text)))
  if (value.BS !== undefined) return new Set(value.BS)
  throw new StorageError({
    code: 'corrupt_row',
    message: `${showValue(value)} is a value of an unknown kind`,
  })
}
