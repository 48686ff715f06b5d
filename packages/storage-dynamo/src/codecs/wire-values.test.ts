import { describe, expect, it } from 'vitest'

import { NumberValue, type Item } from './item.ts'
import { fromWireItem, toWireItem } from './wire-values.ts'

const bytes = new Uint8Array([0, 255])

describe('toWireItem', () => {
  it.each<readonly [string, unknown, object]>([
    ['a text', 'é', { S: 'é' }],
    ['an empty text', '', { S: '' }],
    ['an integer', 7, { N: '7' }],
    ['−0, which DynamoDB does not have', -0, { N: '0' }],
    ['a float', 1.5e-7, { N: '1.5e-7' }],
    ['a bigint', 2n ** 64n, { N: '18446744073709551616' }],
    ['an exact number', NumberValue.from('0.10'), { N: '0.10' }],
    ['a flag', false, { BOOL: false }],
    ['null', null, { NULL: true }],
    ['bytes', bytes, { B: bytes }],
    ['a list', ['a', [1]], { L: [{ S: 'a' }, { L: [{ N: '1' }] }] }],
    ['an empty list', [], { L: [] }],
    ['a map', { a: { b: null } }, { M: { a: { M: { b: { NULL: true } } } } }],
    ['a set of texts', new Set(['a', 'b']), { SS: ['a', 'b'] }],
    ['a set of numbers', new Set<unknown>([1, 2n, NumberValue.from('3.0')]), { NS: ['1', '2', '3.0'] }],
    ['a set of bytes', new Set([bytes]), { BS: [bytes] }],
  ])('writes %s', (_name, value, wire) => {
    expect(toWireItem({ value })).toStrictEqual({ value: wire })
  })

  it('refuses what has no form', () => {
    expect(() => toWireItem({ value: undefined })).toThrow(expect.objectContaining({ code: 'invalid_input' }))
  })
})

describe('fromWireItem', () => {
  it('reads back what was written, numbers as exact text', () => {
    const item: Item = {
      text: '',
      number: NumberValue.from('12345678901234567890123456789012345678'),
      flag: true,
      nothing: null,
      bytes,
      list: ['a', { b: [null] }],
      texts: new Set(['a']),
      numbers: new Set([NumberValue.from('1')]),
      blobs: new Set([bytes]),
    }
    expect(fromWireItem(toWireItem(item))).toStrictEqual(item)
  })
})
