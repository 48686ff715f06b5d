import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { canonicalJson, MAX_CANONICAL_DEPTH } from './canonical-json.ts'

/** The same value with the names of every object in reverse order. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, member]) => [name, reversed(member)]),
  )
}

function nested(levels: number): unknown {
  let value: unknown = 1
  for (let level = 0; level < levels; level += 1) value = [value]
  return value
}

describe('canonicalJson', () => {
  it('sorts names by code units and writes no spaces', () => {
    const value = { b: [1, { z: null, a: true }], '\u20ac': 1, '\r': 2, '😀': 3, ﬁ: 4, '1': 5, A: 'x y' }
    expect(canonicalJson(value)).toBe(
      '{"\\r":2,"1":5,"A":"x y","b":[1,{"a":true,"z":null}],"€":1,"😀":3,"ﬁ":4}',
    )
  })

  it.each([
    [1e21, '1e+21'],
    [1e-7, '1e-7'],
    [0.1 + 0.2, '0.30000000000000004'],
    [-0, '0'],
    ['\u0000"\\/\u007f\u2028', '"\\u0000\\"\\\\/\u007f\u2028"'],
    ['\ud83d half', '"\\ud83d half"'],
    [[], '[]'],
    [{}, '{}'],
  ])('writes %j as %s', (value, text) => {
    expect(canonicalJson(value)).toBe(text)
  })

  it('keeps any JSON value, whatever the order of its names', () => {
    fc.assert(
      fc.property(fc.jsonValue({ depthSize: 'medium' }), (value) => {
        const text = canonicalJson(value)
        expect(canonicalJson(reversed(value))).toBe(text)
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)))
        expect(canonicalJson(JSON.parse(text))).toBe(text)
      }),
    )
  })

  it.each([
    ['undefined', { a: [undefined] }, '$.a[0]'],
    ['NaN', { a: Number.NaN }, '$.a'],
    ['infinity', [Number.NEGATIVE_INFINITY], '$[0]'],
    ['a bigint', { a: { b: 1n } }, '$.a.b'],
    ['a date', { at: new Date(0) }, '$.at'],
    ['a map', new Map(), '$'],
    ['a hole', Object.assign([], { 1: 'x' }), '$[0]'],
    ['a function', { f: () => 1 }, '$.f'],
  ])('refuses %s and names its path', (_name, value, path) => {
    expect(() => canonicalJson(value)).toThrow(
      expect.objectContaining({ code: 'invalid_input', details: { path } }),
    )
  })

  it('refuses nesting that would overflow a stack, not what is just deep', () => {
    expect(canonicalJson(nested(MAX_CANONICAL_DEPTH))).toHaveLength(2 * MAX_CANONICAL_DEPTH + 1)
    expect(() => canonicalJson(nested(MAX_CANONICAL_DEPTH + 1))).toThrow(/nested deeper than 100 levels/)
    expect(() => canonicalJson(nested(100_000))).toThrow(/nested deeper/)
  })
})
