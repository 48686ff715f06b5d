import { showValue, StorageError } from '@subnetkit/core'

import { NumberValue } from './item.ts'

/** DynamoDB's own limit on nested lists and maps. */
export const MAX_NESTING = 32

const MAX_NUMBER = 10n ** 38n

/**
 * Throws `invalid_input` with the path of the first value that DynamoDB would refuse, change or lose without a word:
 * `undefined`, NaN, unsafe integers, numbers of more than 38 digits, lone surrogates, dates, class instances, empty
 * or mixed sets, nesting beyond 32. It runs before the SDK sees a request, since the SDK's own messages name no field.
 */
export function assertStorable(value: unknown, path: string, depth = 0): void {
  const problem = problemOf(value, depth)
  if (problem !== null) {
    throw new StorageError({
      code: 'invalid_input',
      message: `${path}: ${problem}`,
      details: { path },
    })
  }
  if (value instanceof Set) {
    for (const member of value) assertStorable(member, `${path}{}`, depth + 1)
  } else if (Array.isArray(value)) {
    value.forEach((member, index) => assertStorable(member, `${path}[${index}]`, depth + 1))
  } else if (isPlainObject(value)) {
    for (const [name, member] of Object.entries(value)) {
      assertStorable(name, `${path}.(name)`, depth)
      assertStorable(member, `${path}.${name}`, depth + 1)
    }
  }
}

function problemOf(value: unknown, depth: number): string | null {
  switch (typeof value) {
    case 'undefined':
      return 'undefined cannot be stored; leave the attribute out, or store null'
    case 'string':
      return /\p{Surrogate}/u.test(value)
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
