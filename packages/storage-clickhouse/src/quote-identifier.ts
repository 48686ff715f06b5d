import { StorageError } from '@subnetkit/core'

const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,127}$/

/**
 * A database, table, column or cluster name for SQL text, in backticks. Only plain names pass: a letter or `_`, then
 * letters, digits or `_`, at most 128 characters. Anything else throws StorageError `invalid_input`; values never come
 * here, they travel as parameters.
 */
export function quoteIdentifier(name: string): string {
  if (typeof name === 'string' && NAME.test(name)) return `\`${name}\``
  throw new StorageError({
    code: 'invalid_input',
    message: `${JSON.stringify(String(name).slice(0, 140))} is not a name: use 1–128 letters, digits or _, not starting with a digit`,
    details: { name: String(name).slice(0, 140) },
  })
}
