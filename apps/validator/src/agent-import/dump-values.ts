import { uuidSchema } from '@subnetkit/core'

import { RowProblem } from './row-problem.ts'

/** A UUID, in lower case whatever the dump has. @throws RowProblem */
export function uuidOf(field: string, value: unknown): string {
  const id = typeof value === 'string' ? value.toLowerCase() : value
  const parsed = uuidSchema.safeParse(id)
  if (parsed.success) return parsed.data
  throw bad(field, value, 'is not a UUID', 'give 36 characters such as 2f1c0a7e-5b1d-4c6e-9a3f-0d8e7b6c5a41')
}

/** A text that must be there. @throws RowProblem */
export function textOf(field: string, value: unknown): string {
  const text = optionalTextOf(field, value)
  if (text === null) throw bad(field, value, 'is empty', 'give it')
  return text
}

/** A text, or null where it is empty or missing. @throws RowProblem */
export function optionalTextOf(field: string, value: unknown): string | null {
  if (value === null || value === '') return null
  if (typeof value === 'string') return value
  throw bad(field, value, 'is not a text', 'give a text')
}

/** A number that must be there. @throws RowProblem */
export function numberOf(field: string, value: unknown): number {
  const number = optionalNumberOf(field, value)
  if (number === null) throw bad(field, value, 'is empty', 'give a number')
  return number
}

/** A number, or null where it is missing. @throws RowProblem */
function optionalNumberOf(field: string, value: unknown): number | null {
  if (value === null || value === '') return null
  const number =
    typeof value === 'string' && /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(value)
      ? Number(value)
      : value
  if (typeof number === 'number' && Number.isFinite(number)) return number
  throw bad(field, value, 'is not a number', 'give a plain number')
}

/** A share of problems in [0, 1], or null. @throws RowProblem */
export function scoreOf(field: string, value: unknown): number | null {
  const score = optionalNumberOf(field, value)
  if (score === null || (score >= 0 && score <= 1)) return score
  throw bad(field, value, 'is no share between 0 and 1', 'compute it again from the runs, or leave it empty')
}

const booleans: Readonly<Record<string, boolean>> = { t: true, true: true, f: false, false: false }

/** A boolean as PostgreSQL or JSON writes it, or null. @throws RowProblem */
export function optionalBooleanOf(field: string, value: unknown): boolean | null {
  if (value === null || value === '') return null
  if (typeof value === 'boolean') return value
  const known = typeof value === 'string' ? booleans[value.toLowerCase()] : undefined
  if (known !== undefined) return known
  throw bad(field, value, 'is no boolean', 'give t or f')
}

/** One word of a closed set, in whatever case it stands. @throws RowProblem */
export function wordOf<Word extends string>(field: string, value: unknown, words: readonly Word[]): Word {
  const given = typeof value === 'string' ? value.trim().toLowerCase() : value
  const word = words.find((candidate) => candidate === given)
  if (word !== undefined) return word
  throw bad(field, value, 'is not known', `use one of ${words.join(', ')}`)
}

/** What JSON in a text says, decoded twice where it was encoded twice. @throws RowProblem */
export function jsonOf(field: string, value: unknown): unknown {
  const once = typeof value === 'string' ? parsedJson(field, value) : value
  return typeof once === 'string' ? parsedJson(field, once) : once
}

function parsedJson(field: string, text: string): unknown {
  try {
    const value: unknown = JSON.parse(text)
    return value
  } catch {
    throw bad(field, text, 'is not JSON', 'give JSON as PostgreSQL writes it')
  }
}

/** A list of names, kept as JSON in a text; nothing is an empty list. @throws RowProblem */
export function namesOf(field: string, value: unknown): string[] {
  if (value === null || value === '') return []
  const list = jsonOf(field, value)
  if (list === null) return []
  const names = Array.isArray(list) ? list.filter((name): name is string => typeof name === 'string') : null
  if (names !== null && Array.isArray(list) && names.length === list.length) return names
  throw bad(field, value, 'is no list of texts', 'give a JSON array such as ["test_a"]')
}

function bad(field: string, value: unknown, why: string, wayOut: string): RowProblem {
  return new RowProblem({ field, value, why, wayOut })
}
