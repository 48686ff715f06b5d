/** What is wrong with one thing that a person or a file gave us, and the way out. */
export interface InputErrorOptions {
  /** The field, flag, variable, file or column, as the giver knows it: `--date`, `MINER_CLICKHOUSE_PORT`, `alerts.parquet: severity`. */
  readonly field: string
  /** The offending value; shown shortened and quoted. */
  readonly value?: unknown
  /** What is wrong: `is not a date that exists`. */
  readonly problem: string
  /** The way out: `give YYYY-MM-DD, for example 2025-08-01`. */
  readonly hint: string
  readonly cause?: unknown
}

const SHOWN_CHARACTERS = 80

/** Bad input from outside. Its message names the field, the value and the way out; commands end with exit code 2. */
export class InputError extends Error {
  override readonly name = 'InputError'
  readonly field: string
  readonly hint: string

  constructor(options: InputErrorOptions) {
    const value = 'value' in options ? ` ${showValue(options.value)}` : ''
    super(
      `${options.field}:${value} ${options.problem}; ${options.hint}`,
      options.cause === undefined ? undefined : { cause: options.cause },
    )
    this.field = options.field
    this.hint = options.hint
  }
}

/** Narrows an unknown failure to an {@link InputError}, also one of another installed copy of this package. */
export function isInputError(error: unknown): error is InputError {
  return error instanceof Error && error.name === 'InputError' && 'field' in error && 'hint' in error
}

/** A value as it may stand in a message: JSON where possible, at most 80 characters, control characters escaped. */
export function showValue(value: unknown): string {
  const text = typeof value === 'bigint' ? `${value}` : (JSON.stringify(value, bigintAsText) ?? String(value))
  return text.length <= SHOWN_CHARACTERS
    ? text
    : `${text.slice(0, SHOWN_CHARACTERS)}… (${text.length} characters)`
}

function bigintAsText(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}` : value
}
