import { showValue, StorageError } from '@subnetkit/core'

import { isChecked } from './checked-items.ts'
import { NumberValue } from './item.ts'

/** DynamoDB's own limit on nested lists and maps. */
export const MAX_NESTING = 32

const LONE_SURROGATE = /\p{Surrogate}/u
/** More than any number, null or flag takes. */
const NUMBER_BYTES = 48
const CONTAINER_BYTES = 3
const MAX_NUMBER = 10n ** 38n

/**
 * Throws `invalid_input` with the path of the first value that DynamoDB would refuse, change or lose without a word:
 * `undefined`, NaN, unsafe integers, numbers of more than 38 digits, lone surrogates, dates, class instances, empty
 * or mixed sets, nesting beyond 32. It runs before the SDK sees a request, since the SDK's own messages name no field.
 */
export function assertStorable(value: unknown, path: string, depth = 0): void {
  // Nearly everything is fine: names and paths are only put together for what is not.
  if (storableBytes(value, depth) === NOT_STORABLE) assertEach(value, path, depth)
}

/** What {@link storableBytes} gives for a value that {@link assertStorable} refuses. */
export const NOT_STORABLE = -1

/**
 * The same judgement without words, in one walk: at most so many bytes as DynamoDB counts them, some three times too
 * many for texts; 0 for an item that was judged before.
 */
export function storableBytes(value: unknown, depth: number): number {
  if (typeof value === 'string') return LONE_SURROGATE.test(value) ? NOT_STORABLE : value.length * 3
  if (typeof value !== 'object') return problemOf(value, depth) === null ? NUMBER_BYTES : NOT_STORABLE
  if (value === null || value instanceof NumberValue) return NUMBER_BYTES
  if (value instanceof Uint8Array) return value.byteLength
  if (isChecked(value)) return 0
  if (problemOfObject(value, depth) !== null) return NOT_STORABLE
  if (value instanceof Set || Array.isArray(value)) {
    let bytes = CONTAINER_BYTES
    for (const member of value) {
      const own = storableBytes(member, depth + 1)
      if (own === NOT_STORABLE) return NOT_STORABLE
      bytes += own + 1
    }
    return bytes
  }
  let bytes = CONTAINER_BYTES
  for (const [name, member] of Object.entries(value)) {
    const own = storableBytes(member, depth + 1)
    if (own === NOT_STORABLE || LONE_SURROGATE.test(name)) return NOT_STORABLE
    bytes += name.length * 3 + own + 1
  }
  return bytes
}

function assertEach(value: unknown, path: string, depth: number): void {
  const problem = problemOf(value, depth)
  if (problem !== null) {
    throw new StorageError({
      code: 'invalid_input',
      message: `${path}: ${problem}`,
      details: { path },
    })
  }
  if (value instanceof Set) {
    for (const member of value) assertEach(member, `${path}{}`, depth + 1)
  } else if (Array.isArray(value)) {
    value.forEach((member, index) => assertEach(member, `${path}[${index}]`, depth + 1))
  } else if (isPlainObject(value)) {
    for (const [name, member] of Object.entries(value)) {
      assertEach(name, `${path}.(name)`, depth)
      assertEach(member, `${path}.${name}`, depth + 1)
    }
  }
}

function problemOf(value: unknown, depth: number): string | null {
  switch (typeof value) {
    case 'undefined':
      return 'undefined cannot be stored; leave the attribute out, or store null'
    case 'string':
      return LONE_SURROGATE.test(value)
        ? 'half of a surrogate pair would be stored as another character'
        : null
    case 'number':
      return problemOfNumber(value)
    case 'bigint':
      return value >= MAX_NUMBER || value <= -MAX_NUMBER ? 'has more than 38 digits; store it as text' : null
    case 'object':
      return problemOfObject(value, depth)
    case 'boolean':
      return null
    default:
      return `a ${typeof value} cannot be stored`
  }
}

function problemOfNumber(value: number): string | null {
  if (!Number.isFinite(value)) return `${value} is not a number that DynamoDB has`
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
    return `${value} is beyond the exact integers of JavaScript; give a bigint`
  }
  const size = Math.abs(value)
  return size !== 0 && size < 1e-130 ? `${value} is below DynamoDB's range; store it as text` : null
}

function problemOfObject(value: object | null, depth: number): string | null {
  if (value === null || value instanceof Uint8Array || value instanceof NumberValue) return null
  if (value instanceof Set) return problemOfSet(value)
  if (!Array.isArray(value) && !isPlainObject(value)) {
    return `${value.constructor.name} ${showValue(value)} cannot be stored; encode it first`
  }
  return depth > MAX_NESTING ? `is nested deeper than ${MAX_NESTING} levels` : null
}

function problemOfSet(value: ReadonlySet<unknown>): string | null {
  if (value.size === 0) return 'an empty set cannot be stored; leave the attribute out'
  const kinds = new Set([...value].map(kindInSet))
  return kinds.size > 1 || kinds.has(null) ? 'a set holds only texts, only numbers or only bytes' : null
}

function kindInSet(value: unknown): 'S' | 'N' | 'B' | null {
  if (typeof value === 'string') return 'S'
  if (typeof value === 'number' || typeof value === 'bigint' || value instanceof NumberValue) return 'N'
  return value instanceof Uint8Array ? 'B' : null
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
