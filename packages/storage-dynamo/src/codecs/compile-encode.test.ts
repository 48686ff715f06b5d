import { z } from 'zod'
import { describe, expect, it } from 'vitest'

import { floatAttribute, instantAttribute, integerAttribute, textAttribute } from './attributes.ts'
import { compileEncode } from './compile-encode.ts'
import { NumberValue } from './item.ts'
import { jsonAttribute } from './json-attribute.ts'

const schema = z.strictObject({
  id: z.string().regex(/^[a-z]+$/, 'must be letters'),
  count: integerAttribute.pipe(z.int().min(0).max(9)),
  ratio: floatAttribute.pipe(z.number().max(1)),
  uid: integerAttribute.pipe(z.int().max(5)).nullable(),
  at: instantAttribute.nullable(),
  note: textAttribute,
  tags: z.array(z.string().max(2)),
  inner: z.strictObject({ block: integerAttribute, kind: z.enum(['a', 'b']) }),
})
const good = {
  id: 'abc',
  count: 3,
  ratio: -0,
  uid: null,
  at: new Date(0),
  note: '',
  tags: ['x', 'y'],
  inner: { block: 7, kind: 'a' },
}

describe('compileEncode', () => {
  const encode = compileEncode(schema)

  it('gives what zod gives, again and again, as values come and go', () => {
    const models = [
      good,
      { ...good, ratio: 0 },
      { ...good, ratio: -0, uid: 5 },
      { ...good, ratio: 0.1, at: null, note: 'text' },
      { ...good, uid: 0, count: 0, inner: { block: 8, kind: 'b' } },
      good,
    ]
    for (const model of [...models, ...models]) {
      const expected = z.safeEncode(schema, Object(model))
      expect(expected.success).toBe(true)
      expect(encode(model)).toStrictEqual({ success: true, data: expected.data })
    }
    expect(encode(good)).toMatchObject({ data: { ratio: '-0', uid: null, count: NumberValue.from('3') } })
    expect(encode({ ...good, ratio: 0 })).toMatchObject({ data: { ratio: '0' } })
  })

  it.each<readonly [string, Readonly<Record<string, unknown>>]>([
    ['a text that does not fit', { id: 'ABC' }],
    ['a number beyond its bound', { count: 10 }],
    ['half a number', { count: 0.5 }],
    ['a float beyond its bound', { ratio: 1.5 }],
    ['NaN', { ratio: Number.NaN }],
    ['a number where null would do', { uid: 6 }],
    ['undefined', { uid: undefined }],
    ['text for a date', { at: '1970-01-01T00:00:00.000Z' }],
    ['a date that has no stored form', { at: new Date(8.64e15) }],
    ['a list with a long member', { tags: ['x', 'yyy'] }],
    ['a bad member of an inner object', { inner: { block: 1, kind: 'c' } }],
    ['an unknown member of an inner object', { inner: { block: 1, kind: 'a', more: 1 } }],
    ['an unknown field', { more: 1 }],
    ['an instance', { inner: new Date(0) }],
  ])('refuses %s as zod does, also right after a good model', (_name, wrong) => {
    encode(good)
    const model = { ...good, ...wrong }
    const result = encode(model)
    const expected = z.safeEncode(schema, Object(model))
    expect([result.success, expected.success]).toStrictEqual([false, false])
    expect(result.success ? [] : result.error.issues).toStrictEqual(
      expected.success ? null : expected.error.issues,
    )
  })

  it.each([null, undefined, 'text', [], new Date(0)])('refuses %o for an object', (model) => {
    expect(encode(model).success).toBe(false)
  })

  it('refuses a model that lacks a field', () => {
    const { id: _id, ...rest } = good
    expect(encode(rest).success).toBe(false)
    expect(encode({ ...rest, other: 1 }).success).toBe(false)
  })

  it('leaves what it cannot take apart to zod', () => {
    const wide = z.strictObject({
      json: jsonAttribute,
      count: integerAttribute.refine((n) => n > 1, 'must be above 1'),
    })
    const encodeWide = compileEncode(wide)
    expect(encodeWide({ json: { a: null }, count: 2 })).toStrictEqual({
      success: true,
      data: { json: '{"a":null}', count: NumberValue.from(2) },
    })
    expect(encodeWide({ json: null, count: 1 }).success).toBe(false)
    const union = compileEncode(z.union([z.string(), integerAttribute]))
    expect(union(5)).toStrictEqual({ success: true, data: NumberValue.from(5) })
  })
})
