import { describe, expect, it } from 'vitest'

import { parseConfigValue, type ConfigValueType } from './parse-config-value.ts'

describe('parseConfigValue', () => {
  it.each<readonly [ConfigValueType, string, unknown]>([
    ['string', '', ''],
    ['string', '1', '1'],
    ['integer', '-9223372036854775808', -9_223_372_036_854_775_808n],
    ['integer', '0', 0n],
    ['number', '1e-6', 1e-6],
    ['number', '-0', -0],
    ['boolean', 'false', false],
    ['json', 'null', null],
    [
      'json',
      '{"a":[1,"9007199254740993",null,1e300,1e20]}',
      { a: [1, '9007199254740993', null, 1e300, 1e20] },
    ],
  ])('%s %j', (type, text, value) => {
    expect(parseConfigValue(text, type)).toStrictEqual({ type, value })
  })

  it('keeps every name of a JSON object', () => {
    const text = '{"__proto__":{"a":1}}'
    expect(JSON.stringify(parseConfigValue(text, 'json').value)).toBe(text)
  })

  it.each<readonly [ConfigValueType, string, RegExp]>([
    ['string', 'x'.repeat(100_001), /longer than 100,000/],
    ['integer', '1.5', /not an integer/],
    ['integer', '', /not an integer/],
    ['integer', '007', /not an integer/],
    ['integer', '0x10', /not an integer/],
    ['integer', '9223372036854775808', /does not fit 64 bits/],
    ['number', 'NaN', /not a finite number/],
    ['number', '1e999', /not a finite number/],
    ['number', ' 1', /not a finite number/],
    ['boolean', 'yes', /give true or false/],
    ['json', '{a: 1}', /is not JSON/],
    ['json', '', /is not JSON/],
    ['json', '{"a":9007199254740993}', /lose digits/],
    ['json', '[1e999]', /too large/],
    ['json', `${'['.repeat(200)}${']'.repeat(200)}`, /nested deeper than 100/],
  ])('refuses %s %j', (type, text, message) => {
    expect(() => parseConfigValue(text, type)).toThrow(expect.objectContaining({ name: 'InputError' }))
    expect(() => parseConfigValue(text, type)).toThrow(message)
  })
})
