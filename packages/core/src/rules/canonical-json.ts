import { showValue } from '../errors/input-error.ts'
import { StorageError } from '../errors/storage-error.ts'

/** Deepest nesting of a value that is written; deeper ones come from attacks and overflow stacks elsewhere. */
export const MAX_CANONICAL_DEPTH = 100

/**
 * The one JSON text of a value: names sorted by UTF-16 code units, no spaces, numbers as JavaScript writes them
 * (RFC 8785). Equal values give equal texts, so that the text can be hashed and signed. −0 becomes 0, as JSON has it;
 * half of a surrogate pair is written as its escape and survives (the RFC refuses it).
 *
 * @throws StorageError `invalid_input` naming the path of what is not JSON: `undefined`, NaN, bigint, dates and other
 *   instances, holes, nesting beyond {@link MAX_CANONICAL_DEPTH}.
 */
export function canonicalJson(value: unknown): string {
  return write(value, '$', 0)
}

function write(value: unknown, path: string, depth: number): string {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return JSON.stringify(value)
  if (typeof value === 'number' && Number.isFinite(value)) return JSON.stringify(value)
  if (typeof value !== 'object') throw notJson(path, `${showValue(value)} is not JSON`)
  if (depth >= MAX_CANONICAL_DEPTH) throw notJson(path, `is nested deeper than ${MAX_CANONICAL_DEPTH} levels`)
  if (Array.isArray(value)) {
    // Array.from turns holes into undefined, which is refused; `map` would pass over them.
    return `[${Array.from(value, (member, index) => write(member, `${path}[${index}]`, depth + 1)).join(',')}]`
  }
  if (!isPlainObject(value)) throw notJson(path, `${value.constructor.name} is not JSON; encode it first`)
  const members = Object.entries(value).sort(byName)
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${write(member, `${path}.${name}`, depth + 1)}`).join(',')}}`
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function isPlainObject(value: object): value is Record<string, unknown> {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

function notJson(path: string, problem: string): StorageError {
  return new StorageError({ code: 'invalid_input', message: `${path}: ${problem}`, details: { path } })
}
