import { expect, it } from 'vitest'

import { StorageError, storageErrorCodes } from '../errors/storage-error.ts'
import { isAnswered, mayFallBack } from './error-classes.ts'

const failures = storageErrorCodes.map((code) => new StorageError({ code, message: code }))

it('falls back on what says nothing about the question, and on nothing else', () => {
  const allowed = failures.filter(mayFallBack).map(({ code }) => code)
  expect(allowed).toStrictEqual(['timeout', 'throttled', 'unavailable'])
  for (const other of [new Error('bug'), new TypeError('bug'), null, { code: 'unavailable' }]) {
    expect(mayFallBack(other)).toBe(false)
  }
})

it('takes a write for over only when the store said so', () => {
  const open = failures.filter((error) => !isAnswered(error)).map(({ code }) => code)
  expect(open).toStrictEqual(['timeout', 'throttled', 'unavailable', 'incomplete_batch', 'unknown'])
  expect(isAnswered(new Error('bug'))).toBe(false)
})
