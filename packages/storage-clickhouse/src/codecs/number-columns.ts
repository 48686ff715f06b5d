import { StorageError } from '@subnetkit/core'

import type { ColumnSpec } from './column-spec.ts'

function integer(type: string, minimum: number, maximum: number): ColumnSpec<number> {
  return {
    type,
    code: {
      decode: (wire) => wire,
      encode: (value) => `(${value}+0)`,
      fits: (value) => `(Number.isInteger(${value})&&${value}>=${minimum}&&${value}<=${maximum})`,
      misfit: `is not an integer between ${minimum} and ${maximum}`,
      isComparable: true,
    },
  }
}

/** `UInt8`: integers 0…255. */
export function uint8(): ColumnSpec<number> {
  return integer('UInt8', 0, 255)
}

/** `UInt16`: integers 0…65,535. */
export function uint16(): ColumnSpec<number> {
  return integer('UInt16', 0, 65_535)
}

/** `UInt32`: integers 0…4,294,967,295. */
export function uint32(): ColumnSpec<number> {
  return integer('UInt32', 0, 4_294_967_295)
}

/** `Int32`: integers −2,147,483,648…2,147,483,647. */
export function int32(): ColumnSpec<number> {
  return integer('Int32', -2_147_483_648, 2_147_483_647)
}

const WIRE_INTEGER = /^-?\d{1,20}$/

function toBigInt(wire: unknown): bigint | undefined {
  return typeof wire === 'string' && WIRE_INTEGER.test(wire) ? BigInt(wire) : undefined
}

function toSafeNumber(wire: unknown): number | undefined {
  const number = typeof wire === 'string' && WIRE_INTEGER.test(wire) ? Number(wire) : Number.NaN
  return Number.isSafeInteger(number) ? number : undefined
}

function wideInteger(type: string, minimum: bigint, maximum: bigint): ColumnSpec<bigint> {
  return {
    type,
    code: {
      decode: (wire, bind) => `${bind(toBigInt)}(${wire})`,
      encode: (value) => `'"'+${value}+'"'`,
      fits: (value, bind) =>
        `(typeof ${value}==="bigint"&&${value}>=${bind(minimum)}&&${value}<=${bind(maximum)})`,
      misfit: `is not a bigint between ${minimum} and ${maximum}`,
      isComparable: true,
    },
  }
}

/** `UInt64` as `bigint`, 0…2^64−1, exact. */
export function uint64(): ColumnSpec<bigint> {
  return wideInteger('UInt64', 0n, 18_446_744_073_709_551_615n)
}

/** `Int64` as `bigint`, −2^63…2^63−1, exact. */
export function int64(): ColumnSpec<bigint> {
  return wideInteger('Int64', -9_223_372_036_854_775_808n, 9_223_372_036_854_775_807n)
}

/** `UInt64` as `number`, for counts and milliseconds: 0…2^53−1; a larger stored value is a corrupt row, not a rounded one. */
export function uint64Number(): ColumnSpec<number> {
  const spec = integer('UInt64', 0, Number.MAX_SAFE_INTEGER)
  return { ...spec, code: { ...spec.code, decode: (wire, bind) => `${bind(toSafeNumber)}(${wire})` } }
}

/** `Int64` as `number`, ±(2^53−1). */
export function int64Number(): ColumnSpec<number> {
  const spec = integer('Int64', Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER)
  return { ...spec, code: { ...spec.code, decode: (wire, bind) => `${bind(toSafeNumber)}(${wire})` } }
}

function writeFloat(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value)
}

/** `Float64`: finite numbers, bit for bit, −0 included. Not for money. */
export function float64(): ColumnSpec<number> {
  return {
    type: 'Float64',
    code: {
      decode: (wire) => wire,
      encode: (value, bind) => `(${value}===0?${bind(writeFloat)}(${value}):${value})`,
      fits: (value) => `Number.isFinite(${value})`,
      misfit: 'is not a finite number',
      isComparable: false,
    },
  }
}

/** `Bool`. */
export function bool(): ColumnSpec<boolean> {
  return {
    type: 'Bool',
    code: {
      decode: (wire) => wire,
      encode: (value) => value,
      fits: (value) => `typeof ${value}==="boolean"`,
      misfit: 'is neither true nor false',
      isComparable: true,
    },
  }
}

/**
 * `Decimal(precision, scale)` as plain text. A value with more digits than the column keeps is refused, never rounded.
 * Reading gives the shortest form: `1.50` comes back as `1.5`.
 */
export function decimal(precision: number, scale: number): ColumnSpec<string> {
  if (
    !Number.isInteger(precision) ||
    precision < 1 ||
    precision > 76 ||
    !(scale >= 0 && scale <= precision)
  ) {
    throw new StorageError({
      code: 'bad_query',
      message: `Decimal(${precision}, ${scale}) does not exist: precision is 1–76, scale 0–precision`,
    })
  }
  const fits = new RegExp(String.raw`^-?(?=\d)0*\d{0,${precision - scale}}(?:\.(?=\d)\d{0,${scale}}0*)?$`)
  return {
    type: `Decimal(${precision}, ${scale})`,
    code: {
      decode: (wire) => wire,
      encode: (value) => `'"'+${value}+'"'`,
      fits: (value, bind) => `${bind(fits)}.test(${value})`,
      misfit: `has more digits than Decimal(${precision}, ${scale}) keeps: at most ${precision - scale} before and ${scale} after the point`,
      isComparable: true,
    },
  }
}
