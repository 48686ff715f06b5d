import { decimalSchema } from '@subnetkit/core'
import { z } from 'zod'
import { describe, expect, it } from 'vitest'

import {
  bigintAttribute,
  bytesAttribute,
  decimalAttribute,
  epochSecondsAttribute,
  floatAttribute,
  instantAttribute,
  integerAttribute,
  textAttribute,
} from './attributes.ts'
import { createItemCodec } from './item-codec.ts'
import { NumberValue, type Item } from './item.ts'
import { jsonAttribute } from './json-attribute.ts'

const schema = z.strictObject({
  id: z.string(),
  note: textAttribute,
  uid: integerAttribute,
  block: bigintAttribute,
  volume: decimalAttribute,
  score: floatAttribute,
  at: instantAttribute,
  until: epochSecondsAttribute,
  proof: bytesAttribute,
  extra: jsonAttribute,
  reason: z.string().nullable(),
})
type Model = z.output<typeof schema>

const codec = createItemCodec<Model>({
  name: 'sample',
  schema,
  keys: ({ id, uid }) => ({ pk: `ID#${id}`, gsi1sk: NumberValue.from(uid) }),
})

const model: Model = {
  id: 'a',
  note: '',
  uid: 7,
  block: 2n ** 64n - 1n,
  volume: decimalSchema.parse('12345678901234567890.500'),
  score: 1e300,
  at: new Date('2026-02-03T04:05:06.345Z'),
  until: new Date('2026-02-03T04:05:07.000Z'),
  proof: new Uint8Array([0, 255]),
  extra: JSON.parse('{"b":[null,1.5,""],"__proto__":{"a":1}}'),
  reason: null,
}

describe('createItemCodec', () => {
  it('writes numbers as numbers, times and decimals as text, keys beside them', () => {
    expect(codec.encode(model)).toStrictEqual({
      pk: 'ID#a',
      gsi1sk: NumberValue.from('7'),
      id: 'a',
      note: null,
      uid: NumberValue.from('7'),
      block: NumberValue.from('18446744073709551615'),
      volume: '12345678901234567890.500',
      score: '1e+300',
      at: '2026-02-03T04:05:06.345Z',
      until: NumberValue.from('1770091507'),
      proof: new Uint8Array([0, 255]),
      extra: '{"b":[null,1.5,""],"__proto__":{"a":1}}',
      reason: null,
    })
  })

  it('reads back what it wrote', () => {
    const read = codec.decode(codec.encode(model))
    expect(read).toStrictEqual(model)
    expect(JSON.stringify(read.extra)).toBe(JSON.stringify(model.extra))
  })

  it.each([-0, 0.1, Number.MIN_VALUE, -Number.MAX_VALUE, 1e21, 123456789.123])(
    'keeps the float %d',
    (score) => {
      expect(codec.decode(codec.encode({ ...model, score })).score).toBe(score)
    },
  )

  it.each<readonly [string, Partial<Record<keyof Model, unknown>>, string]>([
    ['NaN', { score: Number.NaN }, 'sample.score'],
    ['a float for an integer', { uid: 1.5 }, 'sample.uid'],
    ['a number for a bigint', { block: 1 }, 'sample.block'],
    ['an invalid date', { at: new Date(Number.NaN) }, 'sample.at'],
    ['a decimal with exponent', { volume: '1e3' }, 'sample.volume'],
    ['undefined', { reason: undefined }, 'sample.reason'],
    ['undefined in JSON', { extra: { a: undefined } }, 'sample.extra'],
    ['a date in JSON', { extra: [new Date(0)] }, 'sample.extra'],
    ['a hole in JSON', { extra: Array.from({ length: 2 }) }, 'sample.extra'],
    ['bottomless JSON', { extra: JSON.parse(`${'['.repeat(5000)}${']'.repeat(5000)}`) }, 'sample.extra'],
  ])('does not write %s', (_name, change, path) => {
    const wrong: Model = Object.assign({ ...model }, change)
    expect(() => codec.encode(wrong)).toThrow(
      expect.objectContaining({ code: 'invalid_input', details: { path } }),
    )
  })

  it('does not write an unknown field', () => {
    const wrong: Model = Object.assign({ ...model }, { typo: 1 })
    expect(() => codec.encode(wrong)).toThrow(expect.objectContaining({ code: 'invalid_input' }))
  })

  it('does not write more than an item may hold', () => {
    expect(() => codec.encode({ ...model, note: 'x'.repeat(410_000) })).toThrow(/exceed the 409600/)
  })

  const item = codec.encode(model)
  it.each<readonly [string, Item]>([
    ['a missing attribute', Object.fromEntries(Object.entries(item).filter(([name]) => name !== 'uid'))],
    ['an unknown attribute', { ...item, more: 'x' }],
    ['text for a number', { ...item, uid: '7' }],
    ['a fraction for an integer', { ...item, uid: NumberValue.from('7.5') }],
    ['an integer beyond JavaScript', { ...item, uid: NumberValue.from('9007199254740993') }],
    ['broken JSON', { ...item, extra: '{' }],
    ['a time without zone', { ...item, at: '2026-02-03T04:05:06.345' }],
    ['a time that does not exist', { ...item, at: '2026-13-03T04:05:06.345Z' }],
    ['the key of another item', { ...item, pk: 'ID#b' }],
    ['no key', Object.fromEntries(Object.entries(item).filter(([name]) => name !== 'pk'))],
  ])('does not read %s', (_name, wrong) => {
    expect(() => codec.decode(wrong)).toThrow(expect.objectContaining({ code: 'corrupt_row' }))
  })
})
