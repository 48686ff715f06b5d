import { isStorageError, InputError, StorageError } from '@subnetkit/core'
import { describe, expect, it } from 'vitest'

import { toStorageError } from './errors.ts'

const call = { operation: 'PutItem', table: 'kit_system_config' }

function named(name: string, message = 'from the server', extra: object = {}): Error {
  return Object.assign(new Error(message), { name }, extra)
}

const table: readonly (readonly [Error, string, boolean])[] = [
  [named('ConditionalCheckFailedException'), 'conflict', false],
  [named('ResourceInUseException'), 'conflict', false],
  [named('ResourceNotFoundException'), 'missing_schema', false],
  [named('ValidationException'), 'bad_query', false],
  [named('ValidationException', 'Item size has exceeded the maximum allowed size'), 'invalid_input', false],
  [named('UnknownOperationException'), 'bad_query', false],
  [named('ProvisionedThroughputExceededException'), 'throttled', true],
  [named('ThrottlingException'), 'throttled', true],
  [named('RequestLimitExceeded'), 'throttled', true],
  [named('ItemCollectionSizeLimitExceededException'), 'resource_exhausted', false],
  [named('UnrecognizedClientException'), 'unauthenticated', false],
  [named('ExpiredTokenException'), 'unauthenticated', false],
  [named('CredentialsProviderError'), 'unauthenticated', false],
  [named('AccessDeniedException'), 'forbidden', false],
  [named('InternalServerError'), 'unavailable', true],
  [named('TimeoutError'), 'timeout', true],
  [named('Error', 'connect', { code: 'ECONNREFUSED' }), 'unavailable', true],
  [named('AggregateError', '', { code: 'ECONNREFUSED' }), 'unavailable', true],
  [named('Error', 'socket', { code: 'ECONNRESET' }), 'unavailable', true],
  [named('Error', 'slow', { code: 'ETIMEDOUT' }), 'timeout', true],
  [named('SomethingNew', 'boom', { $metadata: { httpStatusCode: 503 } }), 'unavailable', true],
  [named('SomethingNew', 'boom', { $metadata: { httpStatusCode: 400 } }), 'unknown', false],
  [named('SomethingNew'), 'unknown', false],
]

describe('toStorageError', () => {
  it.each(table)('%s is %s, retryable: %s', (error, code, isRetryable) => {
    const translated = toStorageError(error, call)
    expect(isStorageError(translated) && translated.code).toBe(code)
    expect(isStorageError(translated) && translated.retryable).toBe(isRetryable)
    expect(translated.cause).toBe(error)
    expect(translated.message).toContain('PutItem on kit_system_config')
  })

  it('names the way out when the table is missing', () => {
    expect(toStorageError(named('ResourceNotFoundException'), call).message).toContain('init')
  })

  it('keeps what is already translated', () => {
    const ours = new StorageError({ code: 'conflict', message: 'taken' })
    const input = new InputError({ field: 'f', problem: 'is bad', hint: 'mend it' })
    expect(toStorageError(ours, call)).toBe(ours)
    expect(toStorageError(input, call)).toBe(input)
  })

  it('takes anything that can be thrown', () => {
    expect(isStorageError(toStorageError('text', call), 'unknown')).toBe(true)
    expect(isStorageError(toStorageError(undefined, call), 'unknown')).toBe(true)
  })
})
