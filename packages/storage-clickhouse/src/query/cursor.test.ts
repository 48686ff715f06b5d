import { describe, expect, it } from 'vitest'

import { decodeCursor, encodeCursor } from './cursor.ts'

describe('cursors', () => {
  it('come back as what travels as parameters', () => {
    const cursor = encodeCursor(['é\n', 0.1, 2n ** 64n, new Date(345), true])
    expect(cursor).toMatch(/^[\w-]+$/)
    expect(decodeCursor(cursor, 5)).toEqual([
      'é\n',
      0.1,
      '18446744073709551616',
      '1970-01-01 00:00:00.345',
      true,
    ])
  })

  it.each([
    ['nothing', ''],
    ['no base64url', '%%%'],
    ['no JSON', 'YWJj'],
    ['no array', Buffer.from('{"a":1}').toString('base64url')],
    ['another length', encodeCursor(['a'])],
    ['nested values', Buffer.from('[["a"],"b"]').toString('base64url')],
    ['null', Buffer.from('[null,1]').toString('base64url')],
    ['too much', encodeCursor(['a', 'b'.repeat(100_000)])],
  ])('refuse %s', (_name, cursor) => {
    expect(() => decodeCursor(cursor, 2)).toThrow(expect.objectContaining({ code: 'invalid_input' }))
  })

  it.each([[null], [undefined], [{}]])('refuse to hold %j', (value) => {
    expect(() => encodeCursor([value])).toThrow(/cannot be/)
  })
})
