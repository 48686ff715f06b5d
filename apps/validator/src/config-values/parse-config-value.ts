import { InputError, type ConfigValue } from '@subnetkit/core'

/** The types that a configuration value can have, as `--type` names them. */
export const configValueTypes = ['string', 'integer', 'number', 'boolean', 'json'] as const
/** One of {@link configValueTypes}. */
export type ConfigValueType = (typeof configValueTypes)[number]

const INTEGER = /^-?(?:0|[1-9]\d*)$/
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/
const MAX_JSON_DEPTH = 100

/**
 * A value as it was typed, read as the type that was named. Nothing is guessed: `"1"` stays text unless a type says
 * otherwise.
 *
 * @throws InputError when the text is not of the type, or would lose digits on the way.
 */
export function parseConfigValue(text: string, type: ConfigValueType): ConfigValue {
  switch (type) {
    case 'string':
      if (text.length > 100_000) throw refuse(text, 'is longer than 100,000 characters', 'keep it in a file')
      return { type, value: text }
    case 'integer':
      return { type, value: parseInteger(text) }
    case 'number':
      return { type, value: parseNumber(text) }
    case 'boolean':
      if (text === 'true' || text === 'false') return { type, value: text === 'true' }
      throw refuse(text, 'is not a boolean', 'give true or false')
    case 'json':
      return { type, value: parseJson(text) }
  }
}

function parseInteger(text: string): bigint {
  if (!INTEGER.test(text))
    throw refuse(text, 'is not an integer', 'give digits such as 32 or -5, or use --type number')
  const value = BigInt(text)
  if (BigInt.asIntN(64, value) === value) return value
  throw refuse(
    text,
    'does not fit 64 bits',
    'give -9223372036854775808 to 9223372036854775807, or use --type string',
  )
}

function parseNumber(text: string): number {
  const value = NUMBER.test(text) ? Number(text) : Number.NaN
  if (Number.isFinite(value)) return value
  throw refuse(text, 'is not a finite number', 'give one such as 0.25 or 1e-6')
}

function parseJson(text: string): Extract<ConfigValue, { type: 'json' }>['value'] {
  const value = readJson(text)
  const problem = losesDigits(text)
    ? 'holds a whole number beyond 2^53 that would lose digits'
    : jsonProblem(value, 0)
  if (problem === null) return value
  throw refuse(text, problem, 'write large numbers as text, and nest less')
}

function readJson(text: string): Extract<ConfigValue, { type: 'json' }>['value'] {
  try {
    return JSON.parse(text)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : 'unreadable'
    throw refuse(text, `is not JSON (${reason})`, `quote it for the shell, for example '{"a": [1, null]}'`)
  }
}

/** JSON.parse rounds whole numbers beyond 2^53 without a word, so the digits are looked for in the text itself. */
function losesDigits(text: string): boolean {
  const withoutTexts = text.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""')
  const numerals = withoutTexts.match(/\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g) ?? []
  return numerals.some((numeral) => /^\d+$/.test(numeral) && !Number.isSafeInteger(Number(numeral)))
}

function jsonProblem(value: unknown, depth: number): string | null {
  if (typeof value === 'number') return Number.isFinite(value) ? null : 'holds a number that is too large'
  if (typeof value !== 'object' || value === null) return null
  if (depth >= MAX_JSON_DEPTH) return `is nested deeper than ${MAX_JSON_DEPTH} levels`
  for (const member of Object.values(value)) {
    const problem = jsonProblem(member, depth + 1)
    if (problem !== null) return problem
  }
  return null
}

function refuse(value: string, problem: string, hint: string): InputError {
  return new InputError({ field: '<value>', value, problem, hint })
}
