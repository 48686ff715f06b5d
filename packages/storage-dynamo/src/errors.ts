import { isInputError, isStorageError, StorageError, type StorageErrorCode } from '@subnetkit/core'

const codeByName: Readonly<Record<string, StorageErrorCode>> = {
  ConditionalCheckFailedException: 'conflict',
  ResourceInUseException: 'conflict',
  ReplicatedWriteConflictException: 'conflict',
  ResourceNotFoundException: 'missing_schema',
  TableNotFoundException: 'missing_schema',
  IndexNotFoundException: 'missing_schema',
  ValidationException: 'bad_query',
  SerializationException: 'bad_query',
  UnknownOperationException: 'bad_query',
  ProvisionedThroughputExceededException: 'throttled',
  ThrottlingException: 'throttled',
  Throttling: 'throttled',
  RequestLimitExceeded: 'throttled',
  TooManyRequestsException: 'throttled',
  LimitExceededException: 'throttled',
  ItemCollectionSizeLimitExceededException: 'resource_exhausted',
  RequestEntityTooLarge: 'resource_exhausted',
  UnrecognizedClientException: 'unauthenticated',
  InvalidSignatureException: 'unauthenticated',
  IncompleteSignatureException: 'unauthenticated',
  MissingAuthenticationTokenException: 'unauthenticated',
  MissingAuthenticationToken: 'unauthenticated',
  InvalidClientTokenId: 'unauthenticated',
  ExpiredTokenException: 'unauthenticated',
  CredentialsProviderError: 'unauthenticated',
  TokenProviderError: 'unauthenticated',
  AccessDeniedException: 'forbidden',
  InternalServerError: 'unavailable',
  InternalServerErrorException: 'unavailable',
  ServiceUnavailable: 'unavailable',
  ServiceUnavailableException: 'unavailable',
  TimeoutError: 'timeout',
  RequestTimeout: 'timeout',
  RequestTimeoutException: 'timeout',
}

const codeBySystemError: Readonly<Record<string, StorageErrorCode>> = {
  ECONNREFUSED: 'unavailable',
  ECONNRESET: 'unavailable',
  ENOTFOUND: 'unavailable',
  EAI_AGAIN: 'unavailable',
  EHOSTUNREACH: 'unavailable',
  ENETUNREACH: 'unavailable',
  EPIPE: 'unavailable',
  ETIMEDOUT: 'timeout',
}

/** What was being asked when a call failed: for the message and for `details`. */
export interface FailedCall {
  /** DynamoDB's own name of the operation, for example `PutItem`. */
  readonly operation: string
  /** The full table name, or null for a call that names none or many. */
  readonly table: string | null
}

/**
 * The one place where a failure of the AWS SDK becomes a {@link StorageError}. Our own errors pass unchanged, so that
 * a failure is translated once, however many functions it crosses. The SDK has already retried what it may retry.
 */
export function toStorageError(error: unknown, call: FailedCall): Error {
  if (isStorageError(error) || isInputError(error)) return error
  const name = error instanceof Error ? error.name : typeof error
  const text = error instanceof Error && error.message !== '' ? error.message : name
  const where = call.table === null ? call.operation : `${call.operation} on ${call.table}`
  const code = classify(error, name, text)
  return new StorageError({
    code,
    message: `DynamoDB ${where}: ${text}${wayOut(code)}`,
    cause: error,
    details: { operation: call.operation, table: call.table, driverCode: systemCode(error) ?? name },
  })
}

function classify(error: unknown, name: string, text: string): StorageErrorCode {
  if (name === 'ValidationException' && /item size|size limit|maximum allowed size/i.test(text)) {
    return 'invalid_input'
  }
  const byName = codeByName[name]
  if (byName !== undefined) return byName
  const system = systemCode(error)
  const bySystem = system === null ? undefined : codeBySystemError[system]
  if (bySystem !== undefined) return bySystem
  return statusOf(error) >= 500 ? 'unavailable' : 'unknown'
}

function wayOut(code: StorageErrorCode): string {
  if (code === 'missing_schema') return ' (the init command creates the tables)'
  if (code === 'unavailable') return ' (is the endpoint right, and does it run?)'
  return ''
}

function systemCode(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null
}

function statusOf(error: unknown): number {
  if (!(error instanceof Error) || !('$metadata' in error)) return 0
  const metadata = error.$metadata
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return 0
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : 0
}
