/** Every way in which a store can fail, as callers need to tell them apart. Adapters translate; callers match `code`. */
export const storageErrorCodes = [
  /** The caller's input breaks a schema, a limit or a name rule; repeating it cannot help. */
  'invalid_input',
  /** What came back from the store does not fit its schema: drift, or another version wrote it. */
  'corrupt_row',
  /** A `get` found nothing. */
  'not_found',
  /** A condition did not hold: the version moved on, the id exists, the claim was taken. */
  'conflict',
  /** Wrong or missing credentials. */
  'unauthenticated',
  /** Known, but not allowed. */
  'forbidden',
  /** The table or database does not exist; `init` creates it. */
  'missing_schema',
  /** The time limit passed, in the client or on the server. */
  'timeout',
  /** The store asks to slow down. */
  'throttled',
  /** The store cannot be reached, or dropped the connection. */
  'unavailable',
  /** A part of a batch could not be stored; `details` carries what is left. */
  'incomplete_batch',
  /** A limit on memory, rows or size was hit on the server. */
  'resource_exhausted',
  /** The folder, port or file is held by something else. */
  'locked',
  /** The statement itself is wrong: a defect of ours. */
  'bad_query',
  /** None of the above. */
  'unknown',
] as const

/** One of {@link storageErrorCodes}. */
export type StorageErrorCode = (typeof storageErrorCodes)[number]

const retryableByDefault: ReadonlySet<StorageErrorCode> = new Set(['timeout', 'throttled', 'unavailable'])

/** What a {@link StorageError} is made of. `retryable` follows from the code unless it is given. */
export interface StorageErrorOptions {
  readonly code: StorageErrorCode
  readonly message: string
  readonly retryable?: boolean
  readonly cause?: unknown
  /** Small, loggable facts: a field, a value, a driver's own code. Never a secret, never a whole row set. */
  readonly details?: Readonly<Record<string, unknown>>
}

/**
 * The one error that leaves a storage adapter. Recognise it with {@link isStorageError}, which works across two
 * installed copies of this package; `instanceof` does not.
 */
export class StorageError extends Error {
  override readonly name = 'StorageError'
  readonly code: StorageErrorCode
  /** True when the same call may succeed later. It does not say that repeating it is safe: only the caller knows. */
  readonly retryable: boolean
  readonly details: Readonly<Record<string, unknown>>

  constructor(options: StorageErrorOptions) {
    super(options.message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = options.code
    this.retryable = options.retryable ?? retryableByDefault.has(options.code)
    this.details = options.details ?? {}
  }
}

/** Narrows an unknown failure to a {@link StorageError}, and to one `code` when it is given. */
export function isStorageError(error: unknown, code?: StorageErrorCode): error is StorageError {
  if (!(error instanceof Error) || error.name !== 'StorageError' || !('code' in error)) return false
  return code === undefined || error.code === code
}
