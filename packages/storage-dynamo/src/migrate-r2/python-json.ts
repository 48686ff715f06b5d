import { InputError } from '@subnetkit/core'
import { isLosslessNumber, parse } from 'lossless-json'

/**
 * Writes JSON text anew as Python's `json.dumps(value, sort_keys=True)` does: keys in the order of code points, `", "`
 * and `": "` between parts, everything outside ASCII escaped. Numbers keep the digits that they were written with, since
 * `1.0` and `1` are two texts under one signature.
 *
 * @throws SyntaxError when the text is not JSON.
 */
export function toPythonJson(text: string): string {
  return write(parse(text))
}

/** A member of a JSON object as Python writes it, or null when the object has no such member. */
export function pythonMembers(text: string): ReadonlyMap<string, string> {
  const value = parse(text)
  const members = isRecord(value) ? Object.entries(value) : []
  return new Map(members.map(([key, member]) => [key, write(member)]))
}

/**
 * A number as Python's `'%.6f'` writes it: the exact value of the double, ties to the even digit. `toFixed` differs on
 * ties: 0.0078125 is 0.007812 there and 0.007813 here.
 */
export function pythonFixed6(value: number): string {
  if (!Number.isFinite(value)) {
    throw new InputError({
      field: 'number',
      value,
      problem: 'has no decimal places',
      hint: 'give a finite one',
    })
  }
  const { sign, mantissa, exponent } = partsOf(value)
  const scaled = mantissa * 1_000_000n
  const micros = exponent >= 0 ? scaled << BigInt(exponent) : roundShift(scaled, BigInt(-exponent))
  const digits = `${micros}`.padStart(7, '0')
  return `${sign}${digits.slice(0, -6)}.${digits.slice(-6)}`
}

function write(value: unknown): string {
  if (isLosslessNumber(value)) return value.value
  if (typeof value === 'string') return quote(value)
  if (Array.isArray(value)) return `[${value.map(write).join(', ')}]`
  if (!isRecord(value)) return JSON.stringify(value)
  const keys = Object.keys(value).sort(byCodePoints)
  return `{${keys.map((key) => `${quote(key)}: ${write(value[key])}`).join(', ')}}`
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** `JSON.stringify` writes control characters and quotes as Python does; what is left is everything above ASCII. */
function quote(text: string): string {
  return JSON.stringify(text).replace(
    /[\u0080-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

function byCodePoints(left: string, right: string): number {
  return Buffer.compare(Buffer.from(left, 'utf8'), Buffer.from(right, 'utf8'))
}

/** The double as sign · mantissa · 2^exponent, both whole. */
function partsOf(value: number): { sign: string; mantissa: bigint; exponent: number } {
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, value)
  const bits = view.getBigUint64(0)
  const biased = Number((bits >> 52n) & 0x7ffn)
  const fraction = bits & 0xf_ffff_ffff_ffffn
  return {
    sign: bits >> 63n === 1n ? '-' : '',
    mantissa: biased === 0 ? fraction : fraction | 0x10_0000_0000_0000n,
    exponent: Math.max(biased, 1) - 1075,
  }
}

/** value / 2^shift to the nearest whole number, ties to the even one. */
function roundShift(value: bigint, shift: bigint): bigint {
  const quotient = value >> shift
  const twice = (value - (quotient << shift)) << 1n
  const whole = 1n << shift
  const isUp = twice > whole || (twice === whole && (quotient & 1n) === 1n)
  return isUp ? quotient + 1n : quotient
}
