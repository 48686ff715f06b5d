import { severityNumbers } from '@subnetkit/core'

/** How a source's text becomes a column's value. `text` is SQL for a text that is neither null nor empty. */
export interface ValueKind {
  /** SQL that is 1 when the text can become a value without loss. */
  fits(text: string): string
  /** SQL for the value of a text that fits. */
  value(text: string): string
  /** Ends the sentence "this value …". */
  readonly problem: string
  /** The way out. */
  readonly hint: string
}

/** Length as JavaScript counts: characters beyond U+FFFF count twice. */
function isAtMost(text: string, limit: number): string {
  const units = String.raw`lengthUTF8(${text}) + countMatches(${text}, '[\\x{10000}-\\x{10FFFF}]')`
  return `(length(${text}) <= ${limit} OR (length(${text}) <= ${limit * 4} AND ${units} <= ${limit}))`
}

/** Any valid text up to a length. */
export function textKind(limit: number): ValueKind {
  return {
    fits: (text) => `isValidUTF8(${text}) AND ${isAtMost(text, limit)}`,
    value: (text) => text,
    problem: `is not UTF-8 text of at most ${limit} characters`,
    hint: 'shorten it, or save the file as UTF-8',
  }
}

const EXTERNAL_ID = String.raw`'^[^\\p{Cc}]{1,256}$'`
const ADDRESS = String.raw`'^[\\x21-\\x7e]{1,128}$'`

function matches(text: string, pattern: string, bytes: number): string {
  return `length(${text}) <= ${bytes} AND isValidUTF8(${text}) AND match(${text}, ${pattern})`
}

/** An id as sources give them. */
export const externalIdKind: ValueKind = {
  fits: (text) => matches(text, EXTERNAL_ID, 1024),
  value: (text) => text,
  problem: 'is not 1–256 characters without control characters',
  hint: 'repair the id in the source',
}

/** A chain address. */
export const addressKind: ValueKind = {
  fits: (text) => matches(text, ADDRESS, 128),
  value: (text) => text,
  problem: 'is not an address: 1–128 visible ASCII characters without spaces',
  hint: 'repair the address in the source',
}

const EXPONENT = String.raw`toInt32OrZero(extract(TEXT, '[eE]([+-]?[0-9]{1,3})$'))`
const FRACTION = String.raw`toInt32(length(extract(TEXT, '\\.([0-9]*?)0*(?:[eE]|$)')))`
const DECIMAL_FORM = String.raw`'^[+-]?[0-9]{1,80}(?:\\.[0-9]{0,80})?(?:[eE][+-]?[0-9]{1,3})?$'`

/** A non-negative decimal, every digit kept: more than 18 places or too many digits are refused, never rounded. */
export function decimalKind(precision: 38 | 76): ValueKind {
  const parse = precision === 38 ? 'toDecimal128' : 'toDecimal256'
  return {
    fits: (text) =>
      `match(${text}, ${DECIMAL_FORM}) AND ${`${FRACTION} - ${EXPONENT}`.replaceAll('TEXT', () => text)} <= 18` +
      ` AND ifNull(${parse}OrNull(${text}, 18) >= 0, 0)`,
    value: (text) => `${parse}(${text}, 18)`,
    problem: `is not a number from 0 with at most ${precision - 18} digits before and 18 after the point`,
    hint: 'write it as a plain decimal number; nothing is rounded',
  }
}

/** A share or probability. */
export const unitIntervalKind: ValueKind = {
  fits: (text) => `ifNull(toFloat64OrNull(${text}) BETWEEN 0 AND 1, 0)`,
  value: (text) => `toFloat64(${text})`,
  problem: 'is not a number between 0 and 1',
  hint: 'give a share, for example 0.85',
}

/** A count, or milliseconds: whole and exact in a JavaScript number. */
export const countKind: ValueKind = {
  fits: (text) => `ifNull(toUInt64OrNull(${text}) <= 9007199254740991, 0)`,
  value: (text) => `toUInt64(${text})`,
  problem: 'is not a whole number between 0 and 2^53 − 1',
  hint: 'give a whole number',
}

const severities = Object.keys(severityNumbers)

/** A severity in any case. */
export const severityKind: ValueKind = {
  fits: (text) => `lower(${text}) IN (${severities.map((name) => `'${name}'`).join(', ')})`,
  value: (text) => `lower(${text})`,
  problem: `is none of ${severities.join(', ')}`,
  hint: 'map it to one of them; upper and lower case are the same',
}

/** Milliseconds of the year 2300: the end of what a time column keeps. */
const END_MS = 10_413_792_000_000

function instant(milliseconds: (text: string) => string, problem: string, hint: string): ValueKind {
  return {
    fits: (text) => `ifNull(${milliseconds(text)} >= 0 AND ${milliseconds(text)} < ${END_MS}, 0)`,
    value: (text) => `fromUnixTimestamp64Milli(assumeNotNull(${milliseconds(text)}), 'UTC')`,
    problem,
    hint,
  }
}

function isoMs(text: string): string {
  return `toUnixTimestamp64Milli(parseDateTime64BestEffortOrNull(${text}, 3, 'UTC'))`
}

function wholeMs(text: string, factor: number, offset = 0): string {
  const whole = `if(length(${text}) <= 15, toInt64OrNull(${text}), NULL)`
  return `${whole} * ${factor} + ${offset}`
}

/** Milliseconds since 1970. */
export const millisecondsKind: ValueKind = instant(
  (text) => wholeMs(text, 1),
  'is not a time in whole milliseconds since 1970',
  'check the time unit of the source',
)

/** Seconds since 1970, with up to three places. */
export const secondsKind: ValueKind = instant(
  (text) => `toInt64(toDecimal128OrNull(if(length(${text}) <= 15, ${text}, ''), 3) * 1000)`,
  'is not a time in seconds since 1970',
  'check the time unit of the source',
)

/** ISO 8601; without a zone it is UTC. */
export const isoKind: ValueKind = instant(
  (text) => `if(match(${text}, '[-T:]'), ${isoMs(text)}, NULL)`,
  'is not a date and time that exists',
  'write 2025-08-01T12:34:56.789Z',
)

/** Milliseconds or ISO 8601, told apart by their digits. */
export const instantKind: ValueKind = instant(
  (text) => `if(match(${text}, '^[0-9]+$'), ${wholeMs(text, 1)}, ${isoMs(text)})`,
  'is neither milliseconds since 1970 nor a date and time that exists',
  'write milliseconds, or 2025-08-01T12:34:56.789Z',
)

/** Whole days from day zero, which is given in milliseconds since 1970. */
export function dayKind(dayZeroMs: number): ValueKind {
  return instant(
    (text) => wholeMs(text, 86_400_000, dayZeroMs),
    'is not a whole number of days',
    'check the time unit of the source',
  )
}

/** A JSON list of ids, addresses or texts. */
export function listKind(element: ValueKind, limit: number): ValueKind {
  const listOf = (text: string): string => `JSONExtract(${text}, 'Array(String)')`
  const rawOf = (text: string): string => `JSONExtractArrayRaw(${text})`
  return {
    fits: (text) =>
      `startsWith(${text}, '[') AND isValidJSON(${text}) AND length(${listOf(text)}) <= ${limit}` +
      ` AND arrayAll(e -> startsWith(e, '"'), ${rawOf(text)}) AND arrayAll(e -> ${element.fits('e')}, ${listOf(text)})`,
    value: listOf,
    problem: `is not a JSON list of at most ${limit} texts, or one of them ${element.problem}`,
    hint: 'write lists as JSON: ["a", "b"]',
  }
}
