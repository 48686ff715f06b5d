import { isInputError } from './input-error.ts'
import { isStorageError } from './storage-error.ts'

/** A failure as programs and clients of an API read it. */
export interface ErrorBody {
  /** `invalid_input`, a storage code, `timeout`, `interrupted`, or `internal` for whatever nobody foresaw. */
  readonly code: string
  readonly message: string
  /** What was wrong, as the giver knows it; only for `invalid_input`. */
  readonly field?: string
  /** The way out; only for `invalid_input`. */
  readonly hint?: string
}

/** Describes any thrown thing. The message of an `internal` failure may tell inner workings: servers must not send it. */
export function describeError(error: unknown): ErrorBody {
  if (isInputError(error)) {
    return { code: 'invalid_input', message: error.message, field: error.field, hint: error.hint }
  }
  const message = error instanceof Error ? error.message : String(error)
  if (isStorageError(error)) return { code: error.code, message }
  const name = error instanceof Error ? error.name : ''
  if (name === 'TaskTimeoutError' || name === 'TimeoutError') return { code: 'timeout', message }
  if (name === 'InterruptedError' || name === 'AbortError') return { code: 'interrupted', message }
  return { code: 'internal', message }
}
