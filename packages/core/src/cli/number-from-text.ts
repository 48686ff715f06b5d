import { z } from 'zod'

const NUMERAL = /^-?\d+(?:\.\d+)?$/

/**
 * A number that arrives as text: a flag or a query parameter. Only plain decimal numerals count (no `1e3`, no `0x10`, no
 * empty text); everything else reaches `schema` as it is and is refused there.
 */
export function numberFromText(schema: z.ZodType<number>): z.ZodType<number> {
  return z.preprocess(
    (value) => (typeof value === 'string' && NUMERAL.test(value) ? Number(value) : value),
    schema,
  )
}
