import { describe, expect, it } from 'vitest'

import { pythonFixed6, pythonMembers, toPythonJson } from './python-json.ts'

// Expected texts were printed by Python 3: json.dumps(json.loads(text), sort_keys=True) and '%.6f' % value.

describe('toPythonJson', () => {
  it.each([
    [
      '{"b": 1.0, "a": [1, 1e-07, 1.5e+20, -0.0], "c": null, "t": true}',
      '{"a": [1, 1e-07, 1.5e+20, -0.0], "b": 1.0, "c": null, "t": true}',
    ],
    [
      '{"z":"é漢👩\\n\\t\\u0007\\u007f\\"\\\\/","Z":{},"a":[]}',
      '{"Z": {}, "a": [], "z": "\\u00e9\\u6f22\\ud83d\\udc69\\n\\t\\u0007\\u007f\\"\\\\/"}'.replace(
        '\\u007f',
        '\u007f',
      ),
    ],
    [
      '{"😀": 1, "\\uffee": 2, "a": 12345678901234567890123}',
      '{"a": 12345678901234567890123, "\\uffee": 2, "\\ud83d\\ude00": 1}',
    ],
  ])('writes %s as Python does', (text, expected) => {
    expect(toPythonJson(text)).toBe(expected)
  })

  it('keeps a key that would be a prototype', () => {
    expect(toPythonJson('{"__proto__": {"a": 1}, "b": 2}')).toBe('{"__proto__": {"a": 1}, "b": 2}')
  })
})

describe('pythonMembers', () => {
  it('gives each member of an object, written alone', () => {
    expect([...pythonMembers('{"a": {"c": 1.50, "b": 2}, "d": "x"}')]).toStrictEqual([
      ['a', '{"b": 2, "c": 1.50}'],
      ['d', '"x"'],
    ])
  })
})

describe('pythonFixed6', () => {
  it.each([
    [0.0078125, '0.007812'],
    [0.0234375, '0.023438'],
    [-0.0078125, '-0.007812'],
    [0, '0.000000'],
    [-0.5, '-0.500000'],
    [0.1, '0.100000'],
    [1e-7, '0.000000'],
    [5e-7, '0.000000'],
    [2.5e-6, '0.000003'],
    [3.0000005, '3.000001'],
    [123456789.1234565, '123456789.123456'],
    [1e20, '100000000000000000000.000000'],
  ])('writes %d as %s', (value, text) => {
    expect(pythonFixed6(value)).toBe(text)
  })

  it('refuses what has no digits', () => {
    expect(() => pythonFixed6(Number.NaN)).toThrow(/no decimal places/)
  })
})
