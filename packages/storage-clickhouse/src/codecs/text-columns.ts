import type { ColumnSpec } from './column-spec.ts'

// oxlint-disable-next-line no-control-regex -- the control characters are the point: JSON must escape them
const NEEDS_ESCAPE = /["\\\u0000-\u001f]/

/** A string as JSON; the plain case does not pay for the escaping one. */
function quoteJson(text: string): string {
  return NEEDS_ESCAPE.test(text) ? JSON.stringify(text) : `"${text}"`
}

const textCode: ColumnSpec<string>['code'] = {
  decode: (wire) => wire,
  encode: (value, bind) => `${bind(quoteJson)}(${value})`,
  fits: (value) => `${value}.isWellFormed()`,
  misfit: 'has a lone surrogate, which UTF-8 cannot carry',
  isComparable: true,
}

/** `String`: any well-formed text, NUL and line breaks included. */
export function string(): ColumnSpec<string> {
  return { type: 'String', code: textCode }
}

/** `LowCardinality(String)`: for texts with few distinct values (network, type, version). */
export function lowCardinality(): ColumnSpec<string> {
  return { type: 'LowCardinality(String)', code: textCode }
}

/** `FixedString(length)`: texts of exactly so many bytes, such as the hex of a hash. */
export function fixedString(length: number): ColumnSpec<string> {
  return {
    type: `FixedString(${length})`,
    code: {
      ...textCode,
      fits: (value, bind) =>
        `(${value}.length<=${length}&&${value}.isWellFormed()&&${bind(Buffer.byteLength)}(${value})===${length})`,
      misfit: `is not exactly ${length} bytes of UTF-8`,
    },
  }
}

function parseJson(wire: unknown): unknown {
  if (typeof wire !== 'string') return undefined
  try {
    return JSON.parse(wire)
  } catch {
    return undefined
  }
}

function writeJson(value: unknown): string {
  return JSON.stringify(JSON.stringify(value))
}

function isJson(value: unknown): boolean {
  try {
    return typeof JSON.stringify(value) === 'string'
  } catch {
    return false
  }
}

/**
 * `String` that keeps one JSON value as its text; the model sees the value. For a text that merely happens to be JSON
 * use {@link string}.
 */
export function json(): ColumnSpec<unknown> {
  return {
    type: 'String',
    code: {
      decode: (wire, bind) => `${bind(parseJson)}(${wire})`,
      encode: (value, bind) => `${bind(writeJson)}(${value})`,
      fits: (value, bind) => `${bind(isJson)}(${value})`,
      misfit: 'is not a JSON value',
      isComparable: false,
    },
  }
}

/** `Enum8`: names with their numbers, −128…127. Names cross the wire; an unknown one is refused both ways. */
export function enum8<Name extends string>(numbers: Readonly<Record<Name, number>>): ColumnSpec<Name> {
  const entries = Object.entries<number>(numbers).toSorted(([, a], [, b]) => a - b)
  const listed = entries.map(([name, number]) => `${quoteSqlText(name)} = ${number}`)
  const names = new Set(entries.map(([name]) => name))
  return {
    type: `Enum8(${listed.join(', ')})`,
    code: {
      ...textCode,
      fits: (value, bind) => `${bind(names)}.has(${value})`,
      misfit: `is none of ${[...names].join(', ')}`,
    },
  }
}

function quoteSqlText(text: string): string {
  return `'${text.replaceAll(/[\\']/g, (character) => `\\${character}`)}'`
}
