import type { ColumnSpec } from './column-spec.ts'

const LAST_DATE = '2149-06-06'

/** `Date`: a UTC day as `YYYY-MM-DD`, 1970-01-01…2149-06-06 (the type has 16 bits). */
export function date(): ColumnSpec<string> {
  return {
    type: 'Date',
    code: {
      decode: (wire) => wire,
      encode: (value) => `'"'+${value}+'"'`,
      fits: (value, bind) => `(${value}.length===10&&${bind(isDay)}(${value}))`,
      misfit: `is not a day YYYY-MM-DD between 1970-01-01 and ${LAST_DATE}`,
      isComparable: true,
    },
  }
}

function isDay(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text) && text >= '1970-01-01' && text <= LAST_DATE
}

const FIRST_MS = Date.UTC(1900, 0, 1)
const LAST_MS = Date.UTC(2300, 0, 1) - 1

const WIRE_INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

function toDate(wire: unknown): Date | undefined {
  return typeof wire === 'string' && WIRE_INSTANT.test(wire) ? new Date(wire) : undefined
}

/** `DateTime64(3, 'UTC')` as a `Date`: to the millisecond, years 1900…2299. */
export function dateTime64(): ColumnSpec<Date> {
  return {
    type: "DateTime64(3, 'UTC')",
    code: {
      decode: (wire, bind) => `${bind(toDate)}(${wire})`,
      encode: (value) => `'"'+${value}.toISOString()+'"'`,
      fits: (value) =>
        `(${value} instanceof Date&&${value}.getTime()>=${FIRST_MS}&&${value}.getTime()<=${LAST_MS})`,
      misfit: 'is not an instant in the years 1900–2299',
      isComparable: false,
    },
  }
}
