import { StorageError } from '@subnetkit/core'
import { describe, expect, it } from 'vitest'

import { redact, toStorageError } from './errors.ts'

const operation = 'insert "INSERT INTO days"'

function serverError(code: string): Error {
  return Object.assign(new Error('Something is wrong. '), { code, type: 'SOME_TYPE' })
}

describe('toStorageError', () => {
  it.each([
    ['516', 'unauthenticated'],
    ['194', 'unauthenticated'],
    ['497', 'forbidden'],
    ['164', 'forbidden'],
    ['60', 'missing_schema'],
    ['81', 'missing_schema'],
    ['159', 'timeout'],
    ['160', 'timeout'],
    ['209', 'timeout'],
    ['241', 'resource_exhausted'],
    ['396', 'resource_exhausted'],
    ['307', 'resource_exhausted'],
    ['202', 'throttled'],
    ['252', 'throttled'],
    ['117', 'invalid_input'],
    ['27', 'invalid_input'],
    ['26', 'invalid_input'],
    ['6', 'invalid_input'],
    ['72', 'invalid_input'],
    ['53', 'invalid_input'],
    ['62', 'bad_query'],
    ['47', 'bad_query'],
    ['46', 'bad_query'],
    ['456', 'bad_query'],
    ['210', 'unavailable'],
    ['76', 'locked'],
    ['57', 'conflict'],
    ['123456', 'unknown'],
  ])('translates the server error %s to %s', (number, code) => {
    expect(toStorageError(serverError(number), { operation, queryId: 'q1' })).toMatchObject({
      name: 'StorageError',
      code,
      message: `${operation} failed: Something is wrong. (ClickHouse error ${number})`,
      details: { clickhouseCode: Number(number), queryId: 'q1' },
    })
  })

  it.each([
    [
      Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), { code: 'ECONNREFUSED' }),
      'unavailable',
      true,
    ],
    [Object.assign(new Error('read'), { code: 'ECONNRESET' }), 'unavailable', true],
    [new Error('socket hang up'), 'unavailable', true],
    [new Error('write EPIPE'), 'unavailable', true],
    [new Error('Timeout error.'), 'timeout', true],
    [new Error('what is this'), 'unknown', false],
    ['a text', 'unknown', false],
    [new Error('Code: 395. DB::Exception: boom. (FUNCTION_THROW_IF_VALUE_IS_NON_ZERO)'), 'unknown', false],
    [new Error('Code: 241. DB::Exception: Memory limit exceeded'), 'resource_exhausted', false],
  ])('translates %s', (error, code, retryable) => {
    const translated = toStorageError(error, { operation })
    expect(translated).toMatchObject({ code, retryable })
    expect(translated.cause).toBe(error)
  })

  it('passes a StorageError on as it is', () => {
    const error = new StorageError({ code: 'not_found', message: 'no' })
    expect(toStorageError(error, { operation })).toBe(error)
  })

  it('keeps secrets and long texts out of messages', () => {
    const error = new Error(`http://me:hunter2@db: password = 'hunter2', token: hunter2 ${'x'.repeat(5_000)}`)
    const { message } = toStorageError(error, { operation })
    expect(message).not.toContain('hunter2')
    expect(message.length).toBeLessThan(600)
    expect(redact("CREATE USER u IDENTIFIED WITH sha256_password BY 'hunter2'")).not.toContain('hunter2')
  })
})
