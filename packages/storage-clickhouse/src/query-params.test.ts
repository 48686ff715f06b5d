import { TupleParam } from '@clickhouse/client'
import { describe, expect, it } from 'vitest'

import { describeParams, queryParams, tuple } from './query-params.ts'

describe('queryParams', () => {
  it('passes what the driver sends exactly', () => {
    const at = new Date(-1)
    const sent = queryParams({
      a: null,
      b: 'x',
      c: 2n ** 64n - 1n,
      d: [1, null, ['x']],
      at,
      t: tuple('x', 1),
    })
    expect(sent).toEqual({
      a: null,
      b: 'x',
      c: 2n ** 64n - 1n,
      d: [1, null, ['x']],
      at: '1969-12-31 23:59:59.999',
      t: new TupleParam(['x', 1]),
    })
    expect(queryParams({ at: new Date(60_000) })).toEqual({ at: '1970-01-01 00:01:00' })
  })

  it.each<[string, Record<string, unknown>]>([
    ['undefined', { a: undefined }],
    ['undefined in an array', { a: [1, undefined] }],
    ['NaN', { a: Number.NaN }],
    ['infinity', { a: [Number.POSITIVE_INFINITY] }],
    ['an invalid date', { a: new Date(Number.NaN) }],
    ['a lone surrogate', { a: 'x\udc00' }],
    ['an object', { a: { b: 1 } }],
    ['a function', { a: () => 1 }],
    ['a bad name', { 'a}': 1 }],
  ])('refuses %s', (_name, params) => {
    expect(() => Reflect.apply(queryParams, undefined, [params])).toThrow(
      expect.objectContaining({ name: 'StorageError', code: 'invalid_input' }),
    )
  })

  it('describes shapes, never values', () => {
    const params = { a: 'secret', b: ['secret'], c: 5, d: null, e: new Date(0), f: tuple('secret') }
    expect(describeParams(params)).toEqual({
      a: 'string(6)',
      b: 'array(1)',
      c: 'number',
      d: 'null',
      e: 'date',
      f: 'tuple',
    })
  })
})
