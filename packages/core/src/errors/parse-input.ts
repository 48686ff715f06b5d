import type { z } from 'zod'

import { InputError } from './input-error.ts'

/** How {@link parseInput} names what is wrong. */
export interface ParseInputOptions {
  /** What was given, for failures of the whole: `context of score-batch`, `body`. */
  readonly subject: string
  /** Writes a path as the giver knows it, e.g. `--window-days`. @default `subject: a.b[2]` */
  readonly fieldName?: (path: readonly PropertyKey[]) => string
}

/**
 * Parses what came from outside. The first thing that does not fit throws an {@link InputError} with field, value and the
 * way out; the zod error with all of them is its `cause`.
 */
export function parseInput<Output>(
  schema: z.ZodType<Output>,
  value: unknown,
  options: ParseInputOptions,
): Output {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  throw toInputError(result.error, value, options)
}

/** The first issue of a zod error as an {@link InputError}; `value` is what was parsed. */
export function toInputError(error: z.ZodError, value: unknown, options: ParseInputOptions): InputError {
  const name = options.fieldName ?? ((path: readonly PropertyKey[]) => defaultName(options.subject, path))
  const issue = error.issues[0]
  if (issue === undefined) {
    return new InputError({
      field: options.subject,
      problem: 'is not accepted',
      hint: 'correct it',
      cause: error,
    })
  }
  const more = error.issues.length - 1
  const also = more === 0 ? '' : ` (${more} more ${more === 1 ? 'problem' : 'problems'} after this one)`
  if (issue.code === 'unrecognized_keys') {
    const key = issue.keys[0] ?? ''
    const field = name([...issue.path, key])
    return new InputError({ field, problem: 'is not known here', hint: `leave it out${also}`, cause: error })
  }
  const given = valueAt(value, issue.path)
  const missing = given === undefined && issue.code !== 'custom'
  return new InputError({
    field: name(issue.path),
    ...(missing ? {} : { value: given }),
    problem: missing ? 'is missing' : problemOf(issue.message),
    hint: `${hintFor(issue, missing)}${also}`,
    cause: error,
  })
}

function defaultName(subject: string, path: readonly PropertyKey[]): string {
  if (path.length === 0) return subject
  let text = ''
  for (const part of path) {
    text += typeof part === 'number' ? `[${part}]` : `${text === '' ? '' : '.'}${String(part)}`
  }
  return `${subject}: ${text}`
}

/** Messages of our schemas are half sentences (`must be …`); zod's own are whole ones and go into brackets. */
function problemOf(message: string): string {
  return /^[a-z]/.test(message) ? message : `is not accepted (${message})`
}

function hintFor(issue: z.core.$ZodIssue, missing: boolean): string {
  switch (issue.code) {
    case 'invalid_type':
      return `give ${article(issue.expected)} ${issue.expected}`
    case 'invalid_value':
      return `use one of ${issue.values.map(String).join(', ')}`
    case 'too_small':
      return `use at least ${String(issue.minimum)}`
    case 'too_big':
      return `use at most ${String(issue.maximum)}`
    default:
      return missing ? 'give it' : 'correct it and try again'
  }
}

function article(noun: string): string {
  return /^[aeiou]/.test(noun) ? 'an' : 'a'
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let current = value
  for (const part of path) {
    if (typeof current !== 'object' || current === null) return undefined
    current = Reflect.get(current, part)
  }
  return current
}
