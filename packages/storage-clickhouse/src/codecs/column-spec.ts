import type { Bind } from './bind.ts'

/**
 * How a column's values cross the wire. Each member writes a JavaScript expression for the compiled reader and writer;
 * `value` and `wire` are names of variables there.
 */
export interface ColumnCode {
  /** From JSON as the server sends it to the domain; `undefined` where the wire form is wrong. */
  decode(wire: string, bind: Bind): string
  /** From a value that passed all checks to a JSON fragment. */
  encode(value: string, bind: Bind): string
  /** Whether a value that fits the model also fits the column; an empty text when it always does. */
  fits(value: string, bind: Bind): string
  /** Ends the sentence "this value …" when `fits` says no. */
  readonly misfit: string
  /** True when equal values (`===`) have equal texts, so that a repeated value need not be checked and written again. */
  readonly isComparable: boolean
}

/** One column: its type in ClickHouse, and how its values cross the wire. Made by {@link column}. */
export interface ColumnSpec<Value> {
  /** The type as `system.columns` prints it; the drift check compares this text. */
  readonly type: string
  readonly code: ColumnCode
  /** Never set: it ties the column to the values that it can keep, so that a wrong pairing does not compile. */
  readonly keeps?: (value: Value) => void
}
