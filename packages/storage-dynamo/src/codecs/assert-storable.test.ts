import { describe, expect, it } from 'vitest'

import { assertStorable } from './assert-storable.ts'
import { NumberValue } from './item.ts'

function nested(levels: number): unknown {
  return levels === 0 ? 1 : [nested(levels - 1)]
}

describe('assertStorable', () => {
  it.each([
    ['undefined', { a: { b: [1, undefined] } }, 'item.a.b[1]'],
    ['a date', { at: new Date(0) }, 'item.at'],
    ['a map', { m: new Map() }, 'item.m'],
    ['a function', { f: () => 1 }, 'item.f'],
    ['a symbol', { s: Symbol('s') }, 'item.s'],
    ['NaN', { n: Number.NaN }, 'item.n'],
    ['Infinity', { n: Number.NEGATIVE_INFINITY }, 'item.n'],
    ['an unsafe integer', { n: 2 ** 53 }, 'item.n'],
    ['a number that DynamoDB rounds to nothing', { n: 1e-131 }, 'item.n'],
    ['39 digits', { n: 10n ** 38n }, 'item.n'],
    ['half of a surrogate pair', { s: 'a\udc00' }, 'item.s'],
    ['half of a surrogate pair as a name', { m: { '\ud800': 1 } }, 'item.m.(name)'],
    ['an empty set', { s: new Set() }, 'item.s'],
    ['a mixed set', { s: new Set([1, 'a']) }, 'item.s'],
    ['a hole in a list', { l: Array.from({ length: 1 }) }, 'item.l[0]'],
    ['deep nesting', { l: nested(40) }, `item.l${'[0]'.repeat(32)}`],
  ])('refuses %s and says where', (_name, item, path) => {
    expect(() => assertStorable(item, 'item')).toThrow(
      expect.objectContaining({ code: 'invalid_input', details: { path } }),
    )
  })

  it('lets everything pass that is stored as it is', () => {
    const item = {
      text: '',
      emoji: '👩‍🚀',
      none: null,
      yes: true,
      small: -1.5,
      zero: 0,
      big: 10n ** 38n - 1n,
      exact: NumberValue.from('1.50'),
      bytes: new Uint8Array([1]),
      texts: new Set(['a']),
      numbers: new Set([1, 2n, NumberValue.from('3')]),
      list: [[], {}, nested(20)],
      map: Object.assign(Object.create(null), { a: 1 }),
    }
    expect(() => assertStorable(item, 'item')).not.toThrow()
  })
})
