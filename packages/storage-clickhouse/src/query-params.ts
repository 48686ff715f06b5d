import { TupleParam } from '@clickhouse/client'
import { StorageError } from '@subnetkit/core'

/** A tuple as a parameter: `{pair:Tuple(String, UInt32)}`. Made by {@link tuple}. */
export interface TupleValue {
  readonly tuple: readonly QueryParam[]
}

/**
 * A value that may travel as a server-side parameter. A `Date` fits `DateTime64(3)`; for a `Date` column pass its
 * `YYYY-MM-DD` text; a bigint fits any integer type; a decimal is text; null fits `Nullable(…)`.
 */
export type QueryParam = string | number | bigint | boolean | null | Date | readonly QueryParam[] | TupleValue

/** Parameters by the names that `{name:Type}` uses. */
export type QueryParams = Readonly<Record<string, QueryParam>>

/** Marks values as one tuple instead of an array. */
export function tuple(...values: readonly QueryParam[]): TupleValue {
  return { tuple: values }
}

const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/

/**
 * Checks parameters and turns them into what the driver sends beside the statement. Throws StorageError `invalid_input`
 * for what has no exact form on the wire: `undefined`, NaN, infinities, invalid dates, lone surrogates.
 */
export function queryParams(params: QueryParams): Record<string, unknown> {
  const sent: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(params)) {
    if (!NAME.test(name)) throw refused(name, 'has a name that {name:Type} cannot carry')
    sent[name] = toWire(name, value)
  }
  return sent
}

function toWire(name: string, value: QueryParam | undefined): unknown {
  if (value === null || typeof value === 'boolean' || typeof value === 'bigint') return value
  if (typeof value === 'string') {
    if (/[\uD800-\uDFFF]/.test(value) && encodeURIComponentFails(value))
      throw refused(name, 'has a lone surrogate')
    return value
  }
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw refused(name, 'is not a finite number')
    return value
  }
  if (value instanceof Date) {
    if (Number.isNaN(value.getTime())) throw refused(name, 'is an invalid Date')
    return instantText(value)
  }
  if (Array.isArray(value)) return value.map((element: QueryParam) => toWire(name, element))
  if (typeof value === 'object' && 'tuple' in value) {
    return new TupleParam(value.tuple.map((element) => toWire(name, element)))
  }
  throw refused(
    name,
    `is ${value === undefined ? 'undefined: pass null where the type allows it' : 'of a type that has no wire form'}`,
  )
}

function encodeURIComponentFails(text: string): boolean {
  try {
    encodeURIComponent(text)
    return false
  } catch {
    return true
  }
}

/**
 * An instant as a parameter carries it: `2025-08-01 00:00:00.345`, UTC, without the fraction where it is zero. The
 * driver's own form, a number of seconds, breaks before 1970.
 */
export function instantText(instant: Date): string {
  return instant
    .toISOString()
    .replace('T', ' ')
    .replace(/(?:\.000)?Z$/, '')
}

/** What a log may say about parameters: names, types and sizes, never values. */
export function describeParams(params: QueryParams): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, describe(value)]))
}

function describe(value: QueryParam): string {
  if (value === null) return 'null'
  if (typeof value === 'string') return `string(${value.length})`
  if (value instanceof Date) return 'date'
  if (Array.isArray(value)) return `array(${value.length})`
  return typeof value === 'object' ? 'tuple' : typeof value
}

function refused(name: string, problem: string): StorageError {
  return new StorageError({
    code: 'invalid_input',
    message: `query parameter ${JSON.stringify(name)} ${problem}`,
    details: { parameter: name },
  })
}
